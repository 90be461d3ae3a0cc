import { MeshError } from '../../actors/errors.js';
import { cleanText } from '../log/line.js';

export interface ConfigErrorFacts {
  /** Argument, or file and line, with the entity and the key: `argument 3, --tcp-listener, port`. */
  readonly place: string;
  /** What was expected, or what to do, as the end of a sentence. */
  readonly cure: string;
}

/**
 * A configuration that cannot be used. The text is the reference's where it has one, so that those who search for it
 * find it; place and cure follow behind. Thrown at the first fault, as the reference does it.
 */
export class ConfigError extends MeshError {
  readonly place: string;
  readonly cure: string;

  constructor(text: string, { place, cure }: ConfigErrorFacts) {
    super('invalid-configuration', text, { place, cure });
    this.name = 'ConfigError';
    this.place = place;
    this.cure = cure;
  }

  /** The one line that a user sees, without its newline. */
  get line(): string {
    const behind = [this.place === '' ? '' : `at ${this.place}`, this.cure].filter((part) => part !== '');
    return cleanText(`Error: ${this.message}${behind.length === 0 ? '' : ` (${behind.join('; ')})`}`);
  }
}
