-- removal_scale: mean and standard deviation of each input at a reference, so that the same coefficients serve every tenant and time.
-- grain: ref
-- column pairs: pairs that were counted
-- column m_support: mean of x_support, of the pairs that have it; m_lost and the others likewise
-- column s_support: its standard deviation; 0 where all are alike; s_lost and the others likewise
with total as (
    select ref, count(*)::bigint as pairs, coalesce(sum(columns('x_(.*)')::decimal(12, 4))::double / nullif(count(columns('x_(.*)')), 0), 0) as "m_\1",
           coalesce(sum((columns('x_(.*)')::decimal(12, 4) * columns('x_(.*)')::decimal(12, 4))::decimal(24, 8))::double
             / nullif(count(columns('x_(.*)')), 0), 0) as "q_\1"
    from (select ref, columns('x_.*') from marts.removal_feature) group by ref
)
select ref, pairs, m_support, m_lost, m_alone, m_churn, m_term, m_family, m_holdings, m_changed, m_loss, m_unseen,
       round(sqrt(greatest(0, q_support - m_support * m_support)), 6) as s_support, round(sqrt(greatest(0, q_lost - m_lost * m_lost)), 6) as s_lost,
       round(sqrt(greatest(0, q_alone - m_alone * m_alone)), 6) as s_alone, round(sqrt(greatest(0, q_churn - m_churn * m_churn)), 6) as s_churn,
       round(sqrt(greatest(0, q_term - m_term * m_term)), 6) as s_term, round(sqrt(greatest(0, q_family - m_family * m_family)), 6) as s_family,
       round(sqrt(greatest(0, q_holdings - m_holdings * m_holdings)), 6) as s_holdings,
       round(sqrt(greatest(0, q_changed - m_changed * m_changed)), 6) as s_changed, round(sqrt(greatest(0, q_loss - m_loss * m_loss)), 6) as s_loss,
       round(sqrt(greatest(0, q_unseen - m_unseen * m_unseen)), 6) as s_unseen
from total
order by ref
