import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocManager } from '../../examples/doc-manager/server/app';
import type { DocumentView, SigningView } from '../../examples/doc-manager/shared/types';
import { createWorkflowClient } from '../../src/core';
import { createTestDatabase } from '../support/database';
import { ENCRYPTION_KEYS, follow } from '../support/server';

/** The application as it starts, in this process, on a database of its own. */
async function start() {
  const [dataDir, database] = [mkdtempSync(join(tmpdir(), 'doc-manager-')), await createTestDatabase()];
  writeFileSync(join(dataDir, 'index.html'), 'the pages are no part of this test');
  const http = createServer();
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  const publicUrl = `http://127.0.0.1:${port}`;
  const example = await createDocManager({
    ...{ port, publicUrl, dataDir, pagesDir: dataDir },
    ...{ slack: null, fattureInCloud: null, resend: null },
    ...{ databaseUrl: database.url, encryptionKeys: ENCRYPTION_KEYS },
  });
  http.on('request', example.app);
  await example.ready();
  const session = await fetch(`${publicUrl}/api/session`);
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    api: async <T>(path: string, body?: object): Promise<T> => {
      const method = body ? 'POST' : 'GET';
      const headers = { cookie, 'content-type': 'application/json' };
      const answer = await fetch(`${publicUrl}/api${path}`, {
        method,
        headers,
        body: body && JSON.stringify(body),
      });
      return (await answer.json()) as T;
    },
    client: createWorkflowClient({
      baseUrl: `${publicUrl}/api/workflows`,
      fetch: (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as object), cookie } }),
    }),
    close: async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
      await example.close();
      await database.drop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** The example's log lines; its pages are asked here, not its log. */
beforeAll(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterAll(() => jest.restoreAllMocks());

describe('The example’s workflow “Richiesta di firma”', () => {
  it('gives the signer a page of their own, keeps a copy of what was signed, and archives the original', async () => {
    const { api, client, close } = await start();
    try {
      const documents = () => api<{ items: DocumentView[] }>('/documents').then(({ items }) => items);
      const documento =
        (await documents()).find(({ customFields }) => customFields.importo === 640)?.id ?? '';
      const { items } = await client.listWorkflows({ query: { q: 'Richiesta di firma' } });
      const payload = { documento, firmatario: 'Mario Gallo', email: 'mario@gallo.example' };
      const { run } = await client.startRun({ params: { id: items[0]?.id ?? '' }, body: { payload } });
      await follow(client, run.id, (status) => status === 'waiting');

      const sent = await api<DocumentView>(`/documents/${documento}`);
      expect(sent).toMatchObject({ status: 'sent', signers: [{ name: 'Mario Gallo', status: 'pending' }] });
      const page = sent.signers[0]?.link ?? '';
      const view = await api<SigningView>(page);
      expect(view).toMatchObject({
        signerName: 'Mario Gallo',
        message: expect.stringContaining('due settimane'),
      });
      await api(page, { name: 'Mario Gallo' });

      const ended = await follow(client, run.id);
      expect(ended.run).toMatchObject({ status: 'succeeded', error: null });
      const copy = (await documents()).find(({ title }) => title.startsWith('Copia firmata'));
      expect(copy).toMatchObject({
        status: 'draft',
        createdBy: 'Trama',
        tags: ['copia firmata'],
        customFields: { importo: 640 },
      });
      const original = await api<DocumentView>(`/documents/${documento}`);
      expect(original).toMatchObject({ status: 'archived', completedAt: expect.any(String) });
      expect(copy?.file.sha256).toBe(original.signedFile?.sha256);
    } finally {
      await close();
    }
  });
});
