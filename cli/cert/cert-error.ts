/** What can be wrong about certificates, their files, and what is wanted of them. */
export type CertErrorCode =
  | 'file-missing'
  | 'file-refused'
  | 'file-taken'
  | 'file-content'
  | 'key-unfit'
  | 'name-invalid'
  | 'time-invalid'
  | 'authority-unfit'
  | 'request-unfit'
  | 'options-wrong'
  | 'declined';

export interface CertErrorFacts {
  /** What to do, as a part of a sentence; empty where there is nothing to say. */
  readonly cure: string;
  /** The parameter at fault, as the entities call it. */
  readonly parameter?: string;
}

/** A certificate that cannot be made, read or used. The text is the reference's where it has one. */
export class CertError extends Error {
  readonly code: CertErrorCode;
  readonly cure: string;
  readonly parameter: string | undefined;

  constructor(code: CertErrorCode, text: string, { cure, parameter }: CertErrorFacts) {
    super(text);
    this.name = 'CertError';
    this.code = code;
    this.cure = cure;
    this.parameter = parameter;
  }
}
