import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import type { Documents } from '../../examples/doc-manager/server/documents';
import { sha256 } from '../../examples/doc-manager/server/files';
import { createOutbox } from '../../examples/doc-manager/server/outbox';
import { createSessions, users } from '../../examples/doc-manager/server/people';
import type { PendingEvent } from '../../examples/doc-manager/server/store';
import type { User } from '../../examples/doc-manager/shared/types';
import { addContract, folder, open, PUBLIC_URL } from './doc-manager-harness';

function requestFrom(documents: Documents, id: string, names: string[]): string[] {
  const signers = names.map((name) => ({ name, email: `${name.toLowerCase()}@firme.test` }));
  const document = documents.requestSignature('co_rossi', id, signers);
  return (document.signatureRequest?.signers ?? []).map(({ token }) => token);
}

describe('Signing a document', () => {
  it('completes it with the last signature, leaves one event behind and a sealed PDF beside the untouched original', async () => {
    const { documents, files, store } = open();
    const { id } = await addContract(documents);
    const original = readFileSync(files.pathOf(id, 'original'));
    const [first = '', second = ''] = requestFrom(documents, id, ['Mario', 'Łucja 漢']);
    await documents.sign(first, 'Mario Verdi');
    expect(documents.get('co_rossi', id)).toMatchObject({ status: 'partially_signed', completedAt: null });
    expect(store.current.outbox).toEqual([]);
    await documents.sign(second, 'Łucja');
    const completed = documents.get('co_rossi', id);
    expect(completed).toMatchObject({
      status: 'completed',
      signedFile: { filename: 'contratto-firmato.pdf' },
    });
    expect(store.current.outbox).toMatchObject([
      {
        id: `evt_${completed.signatureRequest?.id}_completed`,
        type: 'document.completed',
        companyId: 'co_rossi',
        data: {
          document: {
            id,
            title: 'Contratto',
            status: 'completed',
            url: `${PUBLIC_URL}/documents/${id}`,
            customFields: { importo: 1200 },
          },
          signers: [
            { name: 'Mario', status: 'signed' },
            { name: 'Łucja 漢', status: 'signed' },
          ],
          files: [
            { kind: 'signed', filename: 'contratto-firmato.pdf', sha256: completed.signedFile?.sha256 },
          ],
        },
      },
    ]);
    const signed = readFileSync(files.pathOf(id, 'signed'));
    expect(sha256(signed)).toBe(completed.signedFile?.sha256);
    expect((await PDFDocument.load(signed)).getPageCount()).toBe(2);
    expect(readFileSync(files.pathOf(id, 'original')).equals(original)).toBe(true);
    expect(JSON.stringify(store.current.outbox)).not.toContain(first);
  });

  it('gives one event when the last two sign at the same moment', async () => {
    const { documents, store } = open();
    const { id } = await addContract(documents);
    const tokens = requestFrom(documents, id, ['Mario', 'Anna']);
    await Promise.all(tokens.map((token) => documents.sign(token, 'Firma')));
    expect(store.current.outbox).toHaveLength(1);
  });

  it('takes each signature once and knows no other token', async () => {
    const { documents } = open();
    const { id } = await addContract(documents);
    const [token = ''] = requestFrom(documents, id, ['Mario', 'Anna']);
    await documents.sign(token, 'Mario');
    await expect(documents.sign(token, 'Un altro')).rejects.toMatchObject({ code: 'already_signed' });
    await expect(documents.sign('made-up', 'Un altro')).rejects.toMatchObject({ code: 'not_found' });
    expect(documents.findBySigningToken(token).signer.signedAs).toBe('Mario');
  });

  it('completes after a restart what a crash left signed by everybody', async () => {
    const before = open();
    const { id } = await addContract(before.documents);
    const [token = ''] = requestFrom(before.documents, id, ['Mario']);
    before.files.write = () => Promise.reject(new Error('The disk is gone.'));
    await expect(before.documents.sign(token, 'Mario')).rejects.toThrow('The disk is gone.');
    expect(before.store.current.outbox).toEqual([]);
    const after = open();
    await after.documents.resume();
    await after.documents.resume();
    expect(after.documents.get('co_rossi', id).status).toBe('completed');
    expect(after.store.current.outbox).toHaveLength(1);
  });

  it.each([
    ['text', Buffer.from('hello')],
    ['a PDF in name only', Buffer.from('%PDF-1.7 and nothing else')],
  ])('refuses %s and keeps no document', async (_, bytes) => {
    const { documents, store } = open();
    const document = {
      title: 'x',
      filename: 'x.pdf',
      bytes,
      tags: [],
      customFields: { importo: null, cliente: '' },
    };
    await expect(documents.add('co_rossi', 'laura', document)).rejects.toMatchObject({ code: 'not_a_pdf' });
    expect(store.current.documents).toEqual([]);
  });

  it('shows a company nothing of another', async () => {
    const { documents } = open();
    const { id } = await addContract(documents);
    expect(() => documents.get('co_bianchi', id)).toThrow('not_found');
    expect(() => documents.requestSignature('co_bianchi', id, [])).toThrow('not_found');
    expect(documents.list('co_bianchi')).toEqual([]);
  });
});

describe('The outbox', () => {
  const event: PendingEvent = {
    id: 'evt_1',
    type: 'document.completed',
    companyId: 'co_rossi',
    data: { a: 1 },
  };

  it('keeps an event until it is accepted, over a restart too, and sends it with the same id', async () => {
    const silenced = jest.spyOn(console, 'error').mockImplementation(() => {});
    const first = open().store;
    first.change((state) => void state.outbox.push(event));
    const sent: string[] = [];
    const failing = createOutbox(first, async ({ id }) => {
      sent.push(id);
      throw new Error('The database is down.');
    });
    await failing.send();
    failing.close();
    const second = open().store;
    expect(second.current.outbox).toEqual([event]);
    const working = createOutbox(second, async ({ id }) => sent.push(id));
    await working.send();
    expect(sent).toEqual(['evt_1', 'evt_1']);
    expect(open().store.current.outbox).toEqual([]);
    silenced.mockRestore();
  });

  it('sends what arrives while it is sending, in order, each once', async () => {
    const { store } = open();
    const sent: string[] = [];
    const outbox = createOutbox(store, async ({ id }) => {
      sent.push(id);
      if (id === 'evt_1') store.change((state) => void state.outbox.push({ ...event, id: 'evt_2' }));
    });
    store.change((state) => void state.outbox.push(event));
    await Promise.all([outbox.send(), outbox.send()]);
    expect(sent).toEqual(['evt_1', 'evt_2']);
    expect(store.current.outbox).toEqual([]);
  });
});

describe('The store and the sessions', () => {
  it('changes nothing when an edit throws half way', () => {
    const { store } = open();
    const edit = () =>
      store.change((state) => {
        state.seeded.push('co_rossi');
        throw new Error('half way');
      });
    expect(edit).toThrow('half way');
    expect(store.current.seeded).toEqual([]);
  });

  it('refuses to start over a file it cannot read', () => {
    writeFileSync(join(folder, 'host.json'), '{"documents":');
    expect(open).toThrow(/host\.json cannot be read/);
    expect(readFileSync(join(folder, 'host.json'), 'utf8')).toBe('{"documents":');
  });

  it('knows a person by their own cookie only, over a restart too', () => {
    const keyFile = join(folder, 'session.key');
    const [laura, marco] = users as [User, User];
    const encoded = ({ id }: User) => Buffer.from(id).toString('base64url');
    const cookie = createSessions(keyFile).cookieOf(laura);
    const sessions = createSessions(keyFile);
    expect(sessions.userOf({ headers: { cookie: `other=1; ${cookie}` } })).toBe(laura);
    expect(
      sessions.userOf({ headers: { cookie: cookie.replace(encoded(laura), encoded(marco)) } }),
    ).toBeNull();
    expect(sessions.userOf({ headers: {} })).toBeNull();
    expect(createSessions(join(folder, 'other.key')).userOf({ headers: { cookie } })).toBeNull();
  });
});
