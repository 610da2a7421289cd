-- edit_pair: what is to be taken away, account by account: the pairs for which the smallest edit is sought.
-- grain: recommendation_id, account_id
-- column entitlement_id: what is to be taken from the account
-- column final: the person has left, so that nothing that they hold is needed any longer
select p.recommendation_id, p.identity_id, p.entitlement_id, a.account_id, p.basis in ('left', 'contract_ended', 'contract_ends') as final
from marts.proposal as p
join core.account_link as l using (identity_id)
join core.account as a on a.account_id = l.account_id
semi join core.assignment as s on s.account_id = a.account_id and s.entitlement_id = p.entitlement_id
where p.held and p.action in ('revoke', 'change_rule') and a.present and a.status <> 'deprovisioned'
order by p.recommendation_id, a.account_id
