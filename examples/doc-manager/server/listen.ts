import { createServer, type RequestListener, type Server } from 'node:http';

export interface Listening {
  /** From now on requests go here; before, they were answered "starting". */
  serve: (handler: RequestListener) => void;
  close: () => Promise<void>;
}

/**
 * Takes the port before anything slow is started, so that a port in use is told at once. Loopback only, in both address families:
 * there are no passwords here, so nobody else on the network is let in.
 */
export async function listen(port: number): Promise<Listening> {
  let handler: RequestListener = (_req, res) =>
    void res
      .writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '2' })
      .end('Doc Manager is starting…\n');
  const create = () => createServer((req, res) => handler(req, res));
  const servers = [await listenOn(create(), port, '127.0.0.1')];
  // A machine without IPv6 does without.
  const second = await listenOn(create(), port, '::1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw error;
    return null;
  });
  if (second) servers.push(second);
  return {
    serve: (next) => {
      handler = next;
    },
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

function listenOn(server: Server, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** Lets requests under way end; connections that stay open by design (event streams) are cut. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), 1_000);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
