import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Loaded into a daemon before the daemon itself (`node --import`), by the soak only. Whoever connects to the socket
 * named by the environment is told what is in use after a full collection, as one line of JSON.
 */
const path = process.env['RECEPTOR_MEMORY_SOCKET'];

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

if (path !== undefined) {
  createServer((socket) => {
    // Twice: what the first frees may hold bytes outside the heap, which only the second gives back.
    collect();
    collect();
    socket.end(`${JSON.stringify(process.memoryUsage())}\n`);
  })
    .listen(path)
    .unref();
}
