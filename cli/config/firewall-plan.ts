import { compileFirewall, type FirewallRule, type PatternCompiler } from '../../protocol/firewall.js';
import type { ConfigItem } from './config-item.js';

const NO_RULES = { rules: [], warnings: [] } as const;

/** The `firewallrules` of a node (mesh-protocol 8), and what is odd about them. Throws `ConfigError`. */
export function firewallOf(
  item: ConfigItem | undefined,
  compile: PatternCompiler | undefined,
): { readonly rules: readonly FirewallRule[]; readonly warnings: readonly string[] } {
  const list = item?.data('firewallrules');
  if (item === undefined || list === undefined || compile === undefined) {
    return NO_RULES;
  }
  const compiled = compileFirewall(list, compile);
  if (!compiled.ok) {
    throw item.error(
      compiled.fault.text,
      'a rule is a map such as {action: reject, fromnode: "/ext-.*/", toservice: control}',
      'firewallrules',
    );
  }
  return { ...compiled, warnings: compiled.warnings.map((text) => `firewall ${text} (at ${item.place()})`) };
}
