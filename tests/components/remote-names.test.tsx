import { act, screen, waitFor } from '@testing-library/react';
import { WorkflowEditor } from '../../src/components/workflow-editor';
import type { Integration, RemoteOption } from '../../src/core';
import { createSamples } from '../../stories/support/samples';
import { definition, node } from '../support/definitions';
import { dialog, renderBuilder } from './builder-page';
import { now, renderTrama } from './support';

const posting = (id: string, channel: string) =>
  node(id, 'slack.send-message', { label: `Avvisa ${id}`, config: { channel, text: 'Firmato' } });
const flow = definition(
  [
    node('trigger', 'doc-manager.document-completed'),
    posting('first', 'C1001'),
    posting('again', 'C1001'),
    posting('gone', 'C404'),
    posting('given', '{{trigger.payload.document.id}}'),
  ],
  ['trigger -> first', 'first -> again', 'again -> gone', 'gone -> given'],
);

const asked = (page: Awaited<ReturnType<typeof renderBuilder>>) =>
  page.client.fake.calls
    .filter(({ route }) => route === 'listOptions')
    .map(({ request }) => (request as { query: { value?: string; q?: string } }).query);

describe('an id that a step holds', () => {
  it('is shown by its name on the card, and asked for once however many steps have it', async () => {
    const page = await renderBuilder({ definition: flow });
    expect(page.step('first')).toHaveTextContent('C1001');
    await waitFor(() => expect(page.step('first')).toHaveTextContent('#amministrazione · Firmato'));
    expect(page.step('again')).toHaveTextContent('#amministrazione · Firmato');
    expect(page.step('gone')).toHaveTextContent('C404');
    expect(asked(page)).toEqual([{ value: 'C1001' }, { value: 'C404' }]);
    expect(page.node('first').config.channel).toBe('C1001');
  });

  it('is named in the picker when the step is opened, without loading the list or asking again', async () => {
    const page = await renderBuilder({ definition: flow });
    await waitFor(() => expect(page.step('first')).toHaveTextContent('#amministrazione'));
    await page.user.click(page.step('first'));
    const channel = dialog('Avvisa first').getByRole('combobox', { name: 'Canale' });
    await waitFor(() => expect(channel).toHaveValue('#amministrazione'));
    expect(asked(page)).toHaveLength(2);
    await page.user.click(screen.getByRole('button', { name: 'Salva' }));
    expect(page.node('first').config.channel).toBe('C1001');
  });

  it('that is not there any more is shown as it is, with a hint, until another is chosen', async () => {
    const page = await renderBuilder({ definition: flow });
    await page.user.click(page.step('gone'));
    const form = dialog('Avvisa gone');
    const channel = form.getByRole('combobox', { name: 'Canale' });
    expect(
      await form.findByText('«C404» non è, o non è più, tra le scelte di «Canale»: scegli di nuovo.'),
    ).toBeVisible();
    expect(channel).toHaveValue('C404');
    expect(channel).toHaveAccessibleDescription(/C404/);
    await page.user.click(channel);
    await page.user.click(await screen.findByRole('option', { name: '#contratti' }));
    expect(channel).toHaveValue('#contratti');
    expect(form.queryByText(/scegli di nuovo/)).toBeNull();
    await page.user.click(form.getByRole('button', { name: 'Salva' }));
    await waitFor(() => expect(page.step('gone')).toHaveTextContent('#contratti'));
  });

  it('stays as it is while the provider cannot be asked, and is named once that is connected', async () => {
    const [slack] = createSamples(now.getTime()).integrations as [Integration];
    const page = await renderBuilder({
      definition: flow,
      integrations: [{ ...slack, state: 'needs_reauth' }],
      failures: { listOptions: new Error('Slack risponde 503.') },
    });
    await screen.findByRole('button', { name: 'Collega Slack' });
    await page.user.click(page.step('first'));
    await waitFor(() => expect(asked(page)).toEqual([{ value: 'C1001' }]));
    expect(page.step('first')).toHaveTextContent('C1001');
    expect(dialog('Avvisa first').getByRole('combobox', { name: 'Canale' })).toHaveValue('C1001');
    expect(screen.queryByText(/scegli di nuovo/)).toBeNull();
    await page.user.keyboard('{Escape}');
    page.client.fake.fail('listOptions', null);
    const popup = { closed: false, close: () => {}, location: { href: '' } } as unknown as Window;
    const open = jest.spyOn(window, 'open').mockReturnValue(popup);
    await page.user.click(screen.getByRole('button', { name: 'Collega Slack' }));
    page.client.fake.completeConnection('slack', 'ACME');
    await act(async () => {
      Object.assign(popup, { closed: true });
    });
    await waitFor(() => expect(page.step('first')).toHaveTextContent('#amministrazione'));
    open.mockRestore();
  });

  it('is named by whoever embeds the editor without a server', async () => {
    const findOption = jest.fn(
      async (_provider: string, _name: string, value: string): Promise<RemoteOption | null> =>
        value === 'C1001' ? { value, label: '#segreteria' } : null,
    );
    const { client } = renderTrama(<WorkflowEditor value={flow} findOption={findOption} />);
    await waitFor(() =>
      expect(document.querySelector('[data-node-id="first"]')).toHaveTextContent('#segreteria · Firmato'),
    );
    expect(findOption.mock.calls).toEqual([
      ['slack', 'channels', 'C1001'],
      ['slack', 'channels', 'C404'],
    ]);
    expect(client.fake.calls).toEqual([]);
  });
});
