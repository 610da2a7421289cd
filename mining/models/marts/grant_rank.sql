-- grant_rank: what an employed person lacks and could be given, the likeliest first: up to twenty a person, up to two hundred in a backtest.
-- grain: identity_key, entitlement_key
-- column rank: 1 for the likeliest
-- column score: probability that this is what the person gets, given that they get one thing they lack, 0 to 1; no probability that they need it
-- column x_popular: ln(people who hold it)
-- column x_recent: ln(0.5 + people who got it within the last 180 days, restructurings left out)
-- column x_similar: ln(0.02 + cosine of the most similar people's holdings with the person's, summed over those who hold it)
-- column x_implied: ln(0.02 + implied_share)
-- column x_use: as x_similar, with people most alike by what they use these days
-- column x_peers: ln(0.02 + peer_share); the least value where no group narrower than everyone has enough members
-- column similar_people: people who hold most alike things, at most 20
-- column similar_holders: people among them who hold it
-- column similar_users: people who use most alike things, at most 20
-- column use_holders: people among them who hold it
-- column implied_by: key of the entitlement held by the person whose holders most often hold this one too; null without one
-- column implied_share: share of its holders who do, five who do not added, 0 to 1
-- column peer_share: share of holders in the narrowest peer group with enough members, shrunk towards the wider ones, 0 to 1
-- column recent_grants: people who got it within the last 180 days
-- reads: core.holding, core.identity, core.identity_source, core.entitlement, core.use_day, marts.grantable, marts.grant_past, marts.grant_person, marts.grant_method, marts.peer_group, marts.peer_strength
-- check lacked: select r.identity_key from marts.grant_rank as r join core.holding as h using (identity_key, entitlement_key)
-- check score: select identity_key from marts.grant_rank where score is null or score < 0 or score > 1
-- check order: select identity_key from (select r.identity_key, r.rank, r.x_popular * m.x_popular + r.x_recent * m.x_recent + r.x_similar * m.x_similar + r.x_implied * m.x_implied + r.x_use * m.x_use + r.x_peers * m.x_peers as z from marts.grant_rank as r join marts.grant_method as m on m.chosen) window w as (partition by identity_key order by rank) qualify z > lag(z) over w + 1e-4
select null::integer as identity_key, null::integer as entitlement_key, null::integer as rank, null::double as score,
       null::double as x_popular, null::double as x_recent, null::double as x_similar, null::double as x_implied, null::double as x_use,
       null::double as x_peers, null::integer as similar_people, null::integer as similar_holders, null::integer as similar_users,
       null::integer as use_holders, null::integer as implied_by, null::double as implied_share, null::double as peer_share,
       null::integer as recent_grants
where false
