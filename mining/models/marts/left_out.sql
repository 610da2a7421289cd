-- left_out: revokes that are not exported because their reviewer has enough lines that take away more risk. The
-- recommendation stands, and its line moves up as others are decided.
-- grain: recommendation_id
-- column reviewer: see marts.reviewer_line
-- column rank: the place among the reviewer's lines, from 1
-- column weight: risk times score, as in marts.reviewer_line
-- column last_weight: of the reviewer's last line that was kept
-- column reason: max_lines_per_reviewer
-- check weight: select recommendation_id from marts.left_out where weight > last_weight
with bound as (select reviewer, min(weight) as last_weight from marts.reviewer_line where kept group by reviewer)
select l.recommendation_id, l.reviewer, l.place as rank, l.weight, b.last_weight, 'max_lines_per_reviewer' as reason
from marts.reviewer_line as l join bound as b using (reviewer)
where not l.kept
order by l.recommendation_id
