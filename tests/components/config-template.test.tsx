import { fireEvent, screen, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import { readTemplate, toNodes } from '../../src/components/config/template-dom';
import { branchesDefinition } from '../../stories/support/builder-samples';
import { dialog, renderBuilder } from './builder-page';

const look = (source: string) => ({ text: source.slice(2, -2), title: source, isBroken: false });

function draw(template: string): HTMLElement {
  const root = document.createElement('div');
  root.append(...toNodes(template, look, document));
  return root;
}

describe('a text with references', () => {
  it.each([
    '',
    'plain',
    '{{trigger.payload.a}}',
    'a {{step.x_1.output.y}} b',
    '{{loop.item}}{{loop.index}}',
    'first\nsecond {{run.id}}\n',
    '\n\n',
    '{{allegati}} stays',
    'open {{ only',
    '{{trigger.payload.a | currency: "EUR"}}',
    '{{trigger..}}',
  ])('is drawn and read back unchanged: %j', (template) => {
    expect(readTemplate(draw(template))).toBe(template);
  });

  it('is drawn and read back unchanged whatever it holds', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('{{trigger.payload.a}}', '{{step.x.output.b?}}', '\n', '{{', '}}', '{{x}}', ' '),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        // The two characters an editor may use for itself are the only ones it does not keep.
        const template = parts.join('').replace(/[\u200b\u00a0\r]/g, '');
        expect(readTemplate(draw(template))).toBe(template);
      }),
    );
  });

  it('shows each of our references as one chip that cannot be edited, and foreign braces as text', () => {
    const root = draw('Ciao {{loop.item.name}}, {{allegati}}');
    const chips = [...root.querySelectorAll<HTMLElement>('[data-source]')];
    expect(chips.map((chip) => [chip.textContent, chip.getAttribute('contenteditable')])).toEqual([
      ['loop.item.name', 'false'],
    ]);
    expect(root.textContent?.replaceAll('\u200b', '')).toBe('Ciao loop.item.name, {{allegati}}');
  });

  it('never turns what it holds into markup', () => {
    const root = draw('<img src=x onerror=alert(1)> {{trigger.payload["<b>"]}}');
    expect(root.querySelector('img, b')).toBeNull();
  });
});

describe('the editor of a text', () => {
  const open = async () => {
    const view = await renderBuilder();
    await view.user.click(view.step('message_k2pd'));
    const form = dialog('Avvisa l’amministrazione');
    return { ...view, form, message: form.getByRole('textbox', { name: 'Messaggio' }) };
  };
  const text = ({ node }: Awaited<ReturnType<typeof open>>) => node('message_k2pd').config.text;

  it('names references by step and field, and follows a new name of the step', async () => {
    const { user, step, message } = await open();
    expect(message).toHaveTextContent('Il contratto Documento completato · Titolo è firmato.');
    await user.keyboard('{Escape}');
    await user.click(step('trigger'));
    await user.type(screen.getByRole('textbox', { name: 'Nome del passo' }), 'Contratto firmato');
    await user.click(screen.getByRole('button', { name: 'Salva' }));
    await user.click(step('message_k2pd'));
    expect(dialog('Avvisa l’amministrazione').getByRole('textbox', { name: 'Messaggio' })).toHaveTextContent(
      'Il contratto Contratto firmato · Titolo è firmato.',
    );
  });

  it('puts a value chosen from the list at the caret', async () => {
    const view = await open();
    const { user, form, message } = view;
    await user.click(message);
    const range = document.createRange();
    range.setStart(message.firstChild as Node, 3);
    document.getSelection()?.removeAllRanges();
    document.getSelection()?.addRange(range);
    await user.click(form.getByTitle('{{trigger.payload.document.id}}'));
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(text(view)).toBe(
      'Il {{trigger.payload.document.id}}contratto {{trigger.payload.document.title}} è firmato.',
    );
  });

  it('opens the search of values at "{{" and replaces the braces with what Enter takes', async () => {
    const view = await open();
    const { user, form, message } = view;
    await user.click(message);
    placeCaretAtEnd(message);
    await user.keyboard(' Importo: {{{{');
    await waitFor(() => expect(form.getByRole('searchbox', { name: 'Cerca un dato…' })).toHaveFocus());
    await user.keyboard('importo{Enter}');
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(text(view)).toBe(
      'Il contratto {{trigger.payload.document.title}} è firmato. Importo: {{trigger.payload.document.customFields.importo}}',
    );
  });

  it('takes a path that is typed to its closing braces', async () => {
    const view = await open();
    const { user, form, message } = view;
    await user.click(message);
    placeCaretAtEnd(message);
    await user.keyboard(' {{{{');
    await waitFor(() => expect(form.getByRole('searchbox', { name: 'Cerca un dato…' })).toHaveFocus());
    await user.keyboard('run.id}}');
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(text(view)).toBe('Il contratto {{trigger.payload.document.title}} è firmato. {{run.id}}');
  });

  it('pastes as plain text, references in it becoming chips', async () => {
    const view = await open();
    const { user, form, message } = view;
    await user.click(message);
    placeCaretAtEnd(message);
    fireEvent.paste(message, {
      clipboardData: { getData: () => ' <b>Vedi</b> {{trigger.payload.document.url}}\r\nGrazie' },
    });
    expect(message.querySelector('b')).toBeNull();
    expect(message).toHaveTextContent('Documento completato · Link');
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(text(view)).toBe(
      'Il contratto {{trigger.payload.document.title}} è firmato. <b>Vedi</b> {{trigger.payload.document.url}}\nGrazie',
    );
  });

  it('removes a whole chip with one Backspace', async () => {
    const view = await open();
    const { user, form, message } = view;
    await user.click(message);
    const chip = message.querySelector('[data-source]') as HTMLElement;
    const range = document.createRange();
    range.setStart(chip.nextSibling as Node, 0);
    document.getSelection()?.removeAllRanges();
    document.getSelection()?.addRange(range);
    await user.keyboard('{Backspace}');
    await user.click(form.getByRole('button', { name: 'Salva' }));
    expect(text(view)).toBe('Il contratto  è firmato.');
  });

  it('shows how the text will read with sample values', async () => {
    const { form } = await open();
    const preview = form.getByText('Anteprima').parentElement as HTMLElement;
    expect(preview).toHaveTextContent('AnteprimaIl contratto Contratto Rossi è firmato.');
    expect(preview.querySelector('b')).toHaveTextContent('Contratto Rossi');
  });

  it('marks a reference to a step that is gone', async () => {
    const definition = {
      ...branchesDefinition,
      nodes: branchesDefinition.nodes.map((node) =>
        node.id === 'message_k2pd'
          ? { ...node, config: { channel: '#a', text: 'Vedi {{step.gone_1234.output.total}}' } }
          : node,
      ),
    };
    const { user, step } = await renderBuilder({ definition });
    await user.click(step('message_k2pd'));
    const message = dialog('Avvisa l’amministrazione').getByRole('textbox', { name: 'Messaggio' });
    expect(message.querySelector('[data-broken]')).toHaveTextContent('gone_1234 · Total');
    expect(screen.getByText(/si riferisce a un passo che non c’è più/)).toBeInTheDocument();
  });
});

describe('the values of earlier steps', () => {
  it('are the loop’s around the step first, then those before it, and none from other branches', async () => {
    const { user, step } = await renderBuilder();
    await user.click(step('message_w4nb'));
    const form = dialog('Scrivi al referente');
    const groups = form.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent);
    expect(groups).toEqual([
      'Per ogni firmatario',
      'Documento completato',
      'Oltre 1.000 €?',
      'Archivia il contratto',
      'Questa esecuzione',
    ]);
    expect(form.getAllByRole('button', { name: /^Nome/ })[0]).toHaveTextContent('Mario Rossi');
  });

  it('are searched by name and path, and say when nothing matches', async () => {
    const { user, step } = await renderBuilder();
    await user.click(step('message_k2pd'));
    const form = dialog('Avvisa l’amministrazione');
    const search = form.getByRole('searchbox');
    const titles = () =>
      [...document.querySelectorAll<HTMLElement>('.trama-picker-item')].map((item) => item.title);
    await user.type(search, 'IMPORTO');
    expect(titles()).toEqual([
      '{{trigger.payload.document}}',
      '{{trigger.payload.document.customFields}}',
      '{{trigger.payload.document.customFields.importo}}',
    ]);
    await user.clear(search);
    await user.type(search, 'zzz');
    expect(form.getByText('Nessun dato per «zzz».')).toBeInTheDocument();
  });
});

function placeCaretAtEnd(element: HTMLElement): void {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.collapse(false);
  document.getSelection()?.removeAllRanges();
  document.getSelection()?.addRange(range);
}
