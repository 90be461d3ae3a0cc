// What the words of a node that says no mean for whoever asked, and what to do about it.
import { bareRefusal, type RefusalKind, refusalKind } from '../../protocol/control/reply-reader.js';
import { type ControlAdvice, ControlError } from '../control-error.js';

/** What was asked for. */
export interface Asked {
  readonly node?: string | undefined;
  readonly service?: string | undefined;
  readonly tlsClient?: string | undefined;
}

/** The same refusal with advice where we know one; anything else as it is. */
export function explained(thrown: unknown, asked: Asked): unknown {
  if (!(thrown instanceof ControlError) || thrown.code !== 'refused' || thrown.hint !== undefined) {
    return thrown;
  }
  const advice = adviceFor(refusalKind(thrown.message), asked);
  return new ControlError('refused', thrown.message, { plain: bareRefusal(thrown.message), ...advice });
}

/** Throws it, for the end of a chain of promises. */
export function explain(asked: Asked): (thrown: unknown) => never {
  return (thrown) => {
    throw explained(thrown, asked);
  };
}

/** Where the nodes stand that there is a way to. */
export const NO_ROUTE_HINT = '"receptor status" shows the nodes that can be reached';

function adviceFor(kind: RefusalKind, { node = '', service = '', tlsClient = '' }: Asked): ControlAdvice {
  switch (kind) {
    case 'no-route':
      return { plain: `no route to node "${node}"`, hint: NO_ROUTE_HINT };
    case 'service-unknown':
      return {
        plain: `${node} has no service "${service}" (context canceled)`,
        hint: '"receptor status" shows the services of each node',
      };
    case 'service-too-long':
      return { plain: `service name too long: "${service}"`, hint: 'the name of a service has at most 8 bytes' };
    case 'tls-unknown':
      return { hint: `the node that is asked needs a tls-client "${tlsClient}"; or leave out --tls-client` };
    case 'signing-key-missing':
      return { hint: 'the node that is asked needs a work-signing with a private key; or leave out --signwork' };
    case 'ttl-local':
      return { hint: 'leave out --ttl, or name another node with --node' };
    case 'params-refused':
      return { hint: 'the work-command of the node needs allowruntimeparams=true; or leave the parameters out' };
    case 'unknown-unit':
    case 'unknown-work-type':
    case 'unknown-command':
    case 'other':
      return {};
    default:
      return kind satisfies never;
  }
}
