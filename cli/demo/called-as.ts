import { basename } from 'node:path';

/** How the user has called this program: what we tell them to type must work where they are. */
export function calledAs(environment: Readonly<Record<string, string | undefined>>, program: string): string {
  if (environment['npm_command'] === 'exec') {
    return 'npx receptor-mesh';
  }
  return program.endsWith('.js') ? `node ${program}` : basename(program);
}
