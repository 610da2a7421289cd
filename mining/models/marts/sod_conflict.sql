-- sod_conflict: an identity holds both sides of a rule of separation of duties, or would with what its peers suggest. One thing that
-- stands on both sides is no conflict with itself.
-- grain: rule, identity_key, status, left_key, right_key
-- column severity: low, medium or high
-- column status: held; grant: one side is suggested and the other held; grants: both are suggested, or one suggestion gives both
-- column left_key: the entitlement on the left side; for held the first of left_things
-- column right_key: the entitlement on the right side
-- column left_things: how many of the named entitlements the identity holds there; 0 where it is only suggested
with wanted as (
    select c.identity_key, c.entitlement_key, s.rule, s.severity, s.side, s.named_key
    from marts.candidate as c join marts.sod_side as s using (entitlement_key)
),
every as (
    select l.rule, l.severity, l.identity_key, 'held' as status, l.entitlement_key as left_key, r.entitlement_key as right_key,
           l.things as left_things, r.things as right_things
    from marts.sod_holder as l join marts.sod_holder as r using (rule, identity_key)
    where l.side = 'left' and r.side = 'right' and (l.named_key <> r.named_key or l.things + r.things > 2)
    union
    select w.rule, w.severity, w.identity_key, 'grant', if(w.side = 'left', w.entitlement_key, h.entitlement_key),
           if(w.side = 'left', h.entitlement_key, w.entitlement_key), if(w.side = 'left', 0, h.things), if(w.side = 'left', h.things, 0)
    from wanted as w join marts.sod_holder as h using (rule, identity_key)
    where h.side <> w.side and (h.named_key <> w.named_key or h.things > 1)
    union
    select w.rule, w.severity, w.identity_key, 'grants', w.entitlement_key, v.entitlement_key, 0, 0
    from wanted as w join wanted as v using (rule, identity_key)
    where w.side = 'left' and v.side = 'right' and w.named_key <> v.named_key
)
select i.identity_id, c.* from every as c join core.identity as i using (identity_key)
order by c.rule, c.identity_key, c.status, c.left_key, c.right_key
