-- removal_bin: the removal model's training set: how often pairs with the same inputs were withdrawn within 180 days.
-- grain: ref, z_support, z_lost, z_alone, z_churn, z_term, z_family, z_holdings, z_changed, z_loss, z_unseen
-- column z_support: x_support in standard deviations from the mean of its reference, in quarters; 0 where it is not known; the others likewise
-- column n: pairs
-- column removed: pairs that were withdrawn from a person who stayed
select f.ref, round(4 * coalesce((f.x_support - s.m_support) / nullif(s.s_support, 0), 0)) / 4 as z_support,
       round(4 * coalesce((f.x_lost - s.m_lost) / nullif(s.s_lost, 0), 0)) / 4 as z_lost,
       round(4 * coalesce((f.x_alone - s.m_alone) / nullif(s.s_alone, 0), 0)) / 4 as z_alone,
       round(4 * coalesce((f.x_churn - s.m_churn) / nullif(s.s_churn, 0), 0)) / 4 as z_churn,
       round(4 * coalesce((f.x_term - s.m_term) / nullif(s.s_term, 0), 0)) / 4 as z_term,
       round(4 * coalesce((f.x_family - s.m_family) / nullif(s.s_family, 0), 0)) / 4 as z_family,
       round(4 * coalesce((f.x_holdings - s.m_holdings) / nullif(s.s_holdings, 0), 0)) / 4 as z_holdings,
       round(4 * coalesce((f.x_changed - s.m_changed) / nullif(s.s_changed, 0), 0)) / 4 as z_changed,
       round(4 * coalesce((f.x_loss - s.m_loss) / nullif(s.s_loss, 0), 0)) / 4 as z_loss,
       round(4 * coalesce((f.x_unseen - s.m_unseen) / nullif(s.s_unseen, 0), 0)) / 4 as z_unseen,
       count(*)::integer as n, (count(*) filter (f.removed))::integer as removed
from marts.removal_feature as f join marts.removal_scale as s using (ref)
where f.ref > 0 and f.removed is not null
group by all
order by all
