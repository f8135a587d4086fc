import { connect, createServer, type Server, type Socket } from 'node:net';

export interface DroppingProxy {
  readonly url: string;
  /** From now on the first message that holds this text reaches the server, its answer nobody, and the connection ends. */
  dropAnswerTo(text: string): void;
  /** Ends every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** Stands between a client and a server, and can lose an answer as a network does. */
export async function startProxy(target: string): Promise<DroppingProxy> {
  const to = new URL(target);
  const open = new Set<Socket>();
  let wanted: string | undefined;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        (socket === client ? upstream : client).destroy();
      });
    }
    let deaf = false;
    client.on('data', (bytes) => {
      if (wanted !== undefined && bytes.includes(wanted)) {
        wanted = undefined;
        deaf = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      // The server has done it by the time it answers.
      if (deaf) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(target);
  url.port = String(address.port);
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    dropAnswerTo: (text) => {
      wanted = text;
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
