import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePattern } from '../../../actors/pattern.js';
import { type CompiledFirewall, compileFirewall, decidingRule, type FirewallFlow } from '../../../protocol/firewall.js';

const FLOW: FirewallFlow = { fromNode: 'a', toNode: 'b', fromService: 'f', toService: 'control' };

function compiled(list: unknown): CompiledFirewall & { readonly ok: true } {
  const firewall = compileFirewall(list, compilePattern);
  assert.ok(firewall.ok, JSON.stringify(firewall));
  return firewall;
}

function decides(list: unknown, flow: Partial<FirewallFlow> = {}): number | undefined {
  return decidingRule(compiled(list).rules, { ...FLOW, ...flow });
}

function fault(list: unknown): unknown {
  const firewall = compileFirewall(list, compilePattern);
  return firewall.ok ? assert.fail('it was taken') : firewall.fault;
}

describe('the rules of a firewall', () => {
  it('decide in their order, the first that fits; and nothing decides where none does', () => {
    const list = [{ action: 'accept', fromnode: 'z' }, { action: 'reject', toservice: 'control' }, { action: 'drop' }];

    assert.equal(decides(list), 1);
    assert.equal(decides(list, { fromNode: 'z' }), 0);
    assert.equal(decides(list, { toService: 'other' }), 2);
    assert.equal(decides(list.slice(0, 2), { toService: 'other' }), undefined);
    assert.equal(decides([]), undefined);
  });

  it('fit where each of their fields does', () => {
    const all = { action: 'drop', fromnode: 'a', tonode: 'b', fromservice: 'f', toservice: 'control' };

    assert.equal(decides([all]), 0);
    for (const other of ['fromNode', 'toNode', 'fromService', 'toService']) {
      assert.equal(decides([all], { [other]: 'other' }), undefined, other);
    }
    assert.equal(decides([{ action: 'drop', fromnode: 'A' }]), undefined, 'case counts');
    assert.equal(decides([{ action: 'drop', fromnode: '' }]), 0, 'an empty field says nothing');
  });

  it('are read whatever the case of their keys and actions', () => {
    const { rules } = compiled([{ ACTION: 'Reject', FromNode: 'a' }]);

    assert.equal(rules[0]?.action, 'reject');
    assert.equal(rules[0]?.fields.fromNode?.source, 'a');
  });

  it('have patterns between slashes, which fit a whole name', () => {
    const list = [{ action: 'drop', fromnode: '/a.*/', toservice: '/con(trol)?|x/' }];

    assert.equal(decides(list), 0);
    assert.equal(decides(list, { fromNode: 'ba' }), undefined);
    assert.equal(decides(list, { toService: 'con' }), 0);
    assert.equal(decides(list, { toService: 'cont' }), undefined);
    assert.equal(decides([{ action: 'drop', fromnode: '//' }]), undefined, 'an empty pattern fits an empty name');
    assert.equal(decides([{ action: 'drop', fromnode: 'a/' }], { fromNode: 'a/' }), 0, 'this is a name');
  });

  const FAULTS: readonly (readonly [what: string, list: unknown, rule: number, text: RegExp])[] = [
    ['another action', [{ action: 'accept' }, { action: 'Allow' }], 1, /^error in rule 1: unknown action: Allow$/],
    ['no action', [{ fromnode: 'a' }], 0, /^error in rule 0: unknown action: $/],
    [
      'an unknown key',
      [{ action: 'drop', node: 'a' }],
      0,
      /^error in rule 0: invalid filewall rule\. unknown key: node$/,
    ],
    [
      'a number',
      [{ action: 'drop', tonode: 5 }],
      0,
      /^error in rule 0: invalid firewall rule\. tonode must be a string$/,
    ],
    ['a list', [{ action: ['drop'] }], 0, /^error in rule 0: invalid firewall rule\. action must be a string$/],
    ['a rule that is a text', ['drop'], 0, /^error in rule 0: a rule is a map of texts$/],
    ['a rule that is nothing', [null], 0, /^error in rule 0: a rule is a map of texts$/],
    ['something else than a list', { action: 'drop' }, 0, /^a list of firewall rules is expected$/],
    [
      'an open pattern',
      [{ action: 'drop', tonode: '/a' }],
      0,
      /^error in rule 0: tonode begins a pattern and does not/,
    ],
    ['a lone slash', [{ action: 'drop', tonode: '/' }], 0, /^error in rule 0: tonode begins a pattern and does not/],
    ['a wrong pattern', [{ action: 'drop', toservice: '/bad(/' }], 0, /^error in rule 0: toservice is no pattern: ./],
    ['one field twice', [{ action: 'drop', tonode: 'a', ToNode: 'b' }], 0, /^error in rule 0: tonode is given twice$/],
  ];

  for (const [what, list, rule, text] of FAULTS) {
    it(`are refused for ${what}, and never become wider`, () => {
      const found = fault(list);

      assert.equal(Reflect.get(Object(found), 'rule'), rule);
      assert.match(`${Reflect.get(Object(found), 'text')}`, text);
    });
  }

  it('are not endless', () => {
    const list = new Array(10_001).fill({ action: 'drop' });

    assert.equal(compiled(list.slice(1)).rules.length, 10_000);
    assert.deepEqual(fault(list), { rule: 10_000, text: 'there are more than 10000 firewall rules' });
  });

  it('warn of alternatives that the reference reads otherwise, and of no others', () => {
    const warned = ['/a|b/', '/(a)|b/', '/a\\\\|b/', '/[|]|b/', '/[]a]|b/'];
    const silent = ['/(a|b)/', '/a\\|b/', '/[a|b]/', '/[]|]/', '/[^]|]/', '/[[:alpha:]|]/', '/\\Qa|b\\E/', '/[\\]|]/'];

    for (const source of warned) {
      const { warnings } = compiled([{ action: 'drop', tonode: source }]);
      assert.equal(warnings.length, 1, source);
      assert.match(`${warnings[0]}`, /^rule 0, tonode: .* write \/\(.*\)\/ to mean the same everywhere$/);
    }
    for (const source of silent) {
      assert.deepEqual(compiled([{ action: 'drop', tonode: source }]).warnings, [], source);
    }
  });
});
