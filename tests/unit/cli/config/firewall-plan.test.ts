import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firewallOf } from '../../../../cli/config/firewall-plan.js';
import { decidingRule } from '../../../../protocol/firewall.js';
import { plan, refusal, refuses } from './plan-of.js';

const node = (rules: unknown): readonly string[] => [
  ...['--local-only', '--node', 'id=a', `firewallrules=${JSON.stringify(rules)}`],
];

describe('the plan of a firewall', () => {
  it('is empty where nothing is said', async () => {
    assert.deepEqual((await plan('--local-only')).node.firewall, []);
    assert.deepEqual((await plan('--local-only', '--node', 'id=a')).node.firewall, []);
    assert.deepEqual(firewallOf(undefined, undefined), { rules: [], warnings: [] });
  });

  it('has the rules in their order, from the command line, too', async () => {
    const rules = [
      { Action: 'accept', FromNode: 'b' },
      { action: 'drop', tonode: '/b.*/' },
    ];

    const { node: planned, warnings } = await plan(...node(rules));

    assert.deepEqual(
      planned.firewall?.map(({ action }) => action),
      ['accept', 'drop'],
    );
    const flow = { fromNode: 'c', toNode: 'bx', fromService: 'f', toService: 't' };
    assert.equal(decidingRule(planned.firewall ?? [], flow), 1);
    assert.deepEqual(warnings, []);
  });

  it('is refused with the rule and the place', async () => {
    const place = 'argument 4, --node, firewallrules';
    const wrong = await refusal(...node([{ action: 'drop', tonode: '/bad(/' }]));
    assert.match(wrong, /^Error: error in rule 0: tonode is no pattern: .* \(at argument 4, --node, firewallrules;/);
    await refuses(node([{ action: 'allow' }]), 'error in rule 0: unknown action: allow', place);
    await refuses(node('drop'), 'a list of firewall rules is expected', place);
  });

  it('warns where Go would decide otherwise, and says where', async () => {
    const { warnings } = await plan(...node([{ action: 'drop', tonode: '/a|b/' }]));

    assert.equal(warnings.length, 1);
    assert.match(`${warnings[0]}`, /^firewall rule 0, tonode: .* \(at .*--node.*\)$/);
  });
});
