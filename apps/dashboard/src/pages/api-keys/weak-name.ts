const SAYS_NOTHING =
  /^(?:(?:my|the|a|new|api|first|second)[\s_-]*)*(?:key|test|tests|testing|token|api|demo|temp|tmp|foo|bar|asdf|abc|xyz|name|untitled|default)?[\s_#.-]*\d*$/i;

/** Whether a name tells nobody what the key is for, such as "Key 1" or "Test". */
export const isWeakName = (name: string): boolean =>
  name.trim() !== '' && SAYS_NOTHING.test(name.trim());
