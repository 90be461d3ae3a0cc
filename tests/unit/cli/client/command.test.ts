import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonCommand } from '../../../../cli/client/command.js';

describe('a command as JSON', () => {
  it('has sorted fields, as Go sends them, and none that are empty', () => {
    assert.equal(
      jsonCommand({ node: 'b', command: 'work', ttl: '', tlsclient: undefined, startpos: 0 }),
      '{"command":"work","node":"b","startpos":0}',
    );
  });

  it('stays one line, whatever a name holds', () => {
    assert.equal(jsonCommand({ command: 'ping', target: 'b\nreload' }), '{"command":"ping","target":"b\\nreload"}');
  });
});
