import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a fake is served. */
export interface Listener {
  /** Plain `(req, res)`: mount it under any path of an Express app, or let `listen` serve it. */
  handler: (req: IncomingMessage, res: ServerResponse) => void;
  /** Serves on the loopback interface; answers with the origin. Port 0 or none: any free one. */
  listen: (port?: number) => Promise<string>;
  /** Ends the server and every connection it still holds, hanging ones too. */
  close: () => Promise<void>;
}

export function createListener(handler: Listener['handler']): Listener {
  let server: Server | null = null;
  return {
    handler,
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        const created = createServer(handler);
        server = created;
        created.once('error', reject);
        created.listen(port, '127.0.0.1', () =>
          resolve(`http://127.0.0.1:${(created.address() as AddressInfo).port}`),
        );
      }),
    close: () =>
      new Promise((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
        server = null;
      }),
  };
}
