-- peer_fold: posterior shares of a peer group's holders and users, folded from everyone down to it, for each sort of person
-- that has to be left out. Once for a group and an entitlement, not for a person: that is what makes it cheap.
-- grain: group_id, entitlement_key
-- column n: members with an account in the source; k: members who hold it; u: members who use it; nobody left out
-- column weight: the prior's strength in members
-- column held: posterior mean share of holders, a member who holds it left out; lacked: a member who does not; apart: nobody left out
-- column used: posterior mean share of users, a member who uses it left out; unused: a member who does not; use_apart: nobody left out
with recursive size as (
    select z.group_id, z.source, z.level, z.group_key, z.n, coalesce(t.strength, 4) as s
    from marts.peer_size as z left join marts.peer_strength as t using (level)
    where z.level = 0 or z.n >= (select coalesce(min(min_peers), 5) from config.policy)
),
linked as (
    select s.*, w.group_id as wider_id
    from size as s left join size as w
      on w.level = s.level - 1 and w.source = s.source and w.group_key = array_to_string(string_split(s.group_key, '|')[:-2], '|')
),
pair as (
    select h.identity_key, h.entitlement_key, h.source from core.holding as h
    union all
    select c.identity_key, c.entitlement_key, e.source from marts.candidate as c join core.entitlement as e using (entitlement_key)
),
missing as ( -- asked for by somebody, held by no member
    select distinct r.group_id, p.entitlement_key, p.source
    from pair as p join marts.peer_reach as r using (identity_key, source)
    anti join marts.peer_share as s on s.group_id = r.group_id and s.entitlement_key = p.entitlement_key
),
upward as (
    select group_id, entitlement_key, source from missing
    union
    select l.wider_id, u.entitlement_key, u.source from upward as u join linked as l using (group_id, source) where l.wider_id is not null
),
cell as (
    select s.group_id, s.entitlement_key, e.source, s.k, coalesce(s.k_use, 0) as u from marts.peer_share as s join core.entitlement as e using (entitlement_key)
    union all
    select u.group_id, u.entitlement_key, u.source, 0, 0 from upward as u
    anti join marts.peer_share as s on s.group_id = u.group_id and s.entitlement_key = u.entitlement_key
),
base as (
    select l.group_id, l.wider_id, l.level, l.n, l.s, c.entitlement_key, c.k, c.u, greatest(0, l.n - 1)::double as n1,
           greatest(0, c.k - 1)::double as k1, greatest(0, c.u - 1)::double as u1
    from cell as c join linked as l using (group_id, source)
),
fold as (
    select group_id, entitlement_key, level, n, s, k, u, (k1 + 0.5) / (n1 + 1) as held, (k + 0.5) / (n1 + 1) as lacked,
           (k + 0.5) / (n + 1) as apart, (u1 + 0.5) / (n1 + 1) as used, (u + 0.5) / (n1 + 1) as unused, (u + 0.5) / (n + 1) as use_apart
    from base where level = 0
    union all
    select b.group_id, b.entitlement_key, b.level, b.n, b.s, b.k, b.u, (b.k1 + b.s * w.held) / greatest(b.n1 + b.s, 1e-9),
           (b.k + b.s * w.lacked) / greatest(b.n1 + b.s, 1e-9), (b.k + b.s * w.apart) / greatest(b.n + b.s, 1e-9),
           (b.u1 + b.s * w.used) / greatest(b.n1 + b.s, 1e-9), (b.u + b.s * w.unused) / greatest(b.n1 + b.s, 1e-9),
           (b.u + b.s * w.use_apart) / greatest(b.n + b.s, 1e-9)
    from fold as w join base as b on b.wider_id = w.group_id and b.entitlement_key = w.entitlement_key
)
select group_id, entitlement_key, n, k, u, s as weight, held, lacked, apart, used, unused, use_apart
from fold
order by group_id, entitlement_key
