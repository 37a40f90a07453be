import { uploadDocument } from '../../../src/blocks/doc-manager/upload-document';
import { notifyStatus } from '../../../src/blocks/slack/notify-status';
import { slack } from '../../../src/blocks/slack/provider';
import { replyInThread } from '../../../src/blocks/slack/reply-in-thread';
import { sendMessage } from '../../../src/blocks/slack/send-message';
import { uploadFile } from '../../../src/blocks/slack/upload-file';
import { fileRef } from '../../../src/core/block/file';

const all = [sendMessage, replyInThread, uploadFile, notifyStatus];
const warningsOf = (text: string) => sendMessage.warnings?.({ channel: 'C1', text }) ?? [];

describe('the blocks of Slack', () => {
  it.each(all)(
    '$type: its sample is an output, and it asks for no more than the connection does',
    (block) => {
      expect(block.output.parse(block.sample)).toEqual(block.sample);
      expect(slack.auth.type === 'oauth2' && slack.auth.scopes).toEqual(
        expect.arrayContaining([...(block.scopes ?? [])]),
      );
    },
  );

  it.each(all)('$type: its card says what is not there yet', (block) => {
    expect(block.summary?.({}, 'it')).toBe('Da configurare');
    expect(block.summary?.({}, 'en')).toBe('Not set up yet');
  });

  it('name the file of a step by its name, as it does in a run, and by what stands for it before', () => {
    const about = { provider: 'fatture-in-cloud', id: 'invoice:7', contentType: 'application/pdf' };
    const file = fileRef({ ...about, filename: 'fattura-7.pdf' });
    for (const { summary } of [uploadFile, uploadDocument]) {
      expect(summary?.({ file }, 'it')).toBe('fattura-7.pdf');
      expect(summary?.({ file, title: 'Fattura 7' }, 'it')).toBe('Fattura 7');
      expect(summary?.({ file: '{{trigger.payload.file}}' }, 'it')).toBe('{{trigger.payload.file}}');
    }
    expect(uploadDocument.preview?.({ file, title: 'Fattura 7' }).it).toBe(
      'Caricherebbe fattura-7.pdf come «Fattura 7».',
    );
  });

  it('say in a dry run what they would do, in the words people would read', () => {
    const to = { channel: '#fatture', text: 'Rossi &amp; Figli' };
    expect(sendMessage.preview?.(to).it).toBe('Invierebbe «Rossi & Figli» a #fatture.');
    expect(replyInThread.preview?.({ ...to, threadTs: '1.2' }).en).toContain('Would reply “Rossi & Figli”');
    expect(notifyStatus.preview?.(to).it).toBe('Invierebbe «Rossi & Figli» a #fatture.');
    expect(notifyStatus.preview?.({ ...to, update: '1.2' }).it).toContain(
      'Cambierebbe un messaggio precedente',
    );
    expect(uploadFile.preview?.({ channel: '#fatture', file: 'doc_1' }).en).toBe(
      'Would share “doc_1” in #fatture.',
    );
    expect(sendMessage.preview?.({ ...to, text: 'x'.repeat(500) }).en).toBe(
      `Would send “${'x'.repeat(120)}…” to #fatture.`,
    );
  });

  it('warn where a message calls everybody, and where it only seems to', () => {
    expect(warningsOf('<!channel> ciao')).toEqual([
      { path: 'text', text: expect.objectContaining({ en: expect.stringContaining('notifies everybody') }) },
    ]);
    expect(warningsOf('@channel ciao')).toEqual([
      { path: 'text', text: expect.objectContaining({ it: expect.stringContaining('<!channel>') }) },
    ]);
    expect(warningsOf('scrivi a mario@here.example')).toEqual([]);
    expect(warningsOf('Contratto {{trigger.payload.title}}')).toEqual([]);
  });

  it('warn of a very long message', () => {
    expect(warningsOf('x'.repeat(4000))).toEqual([]);
    expect(warningsOf('x'.repeat(4001))).toHaveLength(1);
    expect(uploadFile.warnings?.({ comment: '<!here>' })).toMatchObject([{ path: 'comment' }]);
  });
});
