-- rule: an automatic rule that puts accounts into an entitlement.
-- grain: rule_id, entitlement_id
-- column rule_id: source, a colon, native id of the rule (for a dynamic group the group's own)
-- column name: as served
-- column expression: the rule's text in the platform's language
-- column status: active, inactive or invalid
-- column owner: native account id or name, if known
-- column excluded: native account ids that the rule passes over
select null::varchar as source, null::varchar as rule_id, null::varchar as entitlement_id, null::varchar as name,
       null::varchar as expression, null::varchar as status, null::varchar as owner, null::varchar[] as excluded
where false
