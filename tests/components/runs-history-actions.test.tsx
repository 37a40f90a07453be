import { act, screen, waitFor, within } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { RunHistory } from '../../src/components/runs/run-history';
import { WorkflowError } from '../../src/core';
import { renderTrama, stopClock } from './support';

expect.extend(toHaveNoViolations);
beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

function openHistory(workflowId: string) {
  const opened: string[] = [];
  const page = renderTrama(<RunHistory workflowId={workflowId} onOpenRun={(id) => opened.push(id)} />);
  const row = async (title: string) => (await screen.findByText(title)).closest('li') as HTMLElement;
  const menu = async (title: string) => {
    await page.user.click(within(await row(title)).getByRole('button', { name: `Azioni per «${title}»` }));
    return screen.getByRole('menu', { name: `Azioni per «${title}»` });
  };
  return { ...page, opened, row, menu };
}

describe('the row of a run', () => {
  it('that nobody knows the outcome of says what to check', async () => {
    const { row } = openHistory('wf_confirm');
    await waitFor(async () =>
      expect(await row('Contratto Villa')).toHaveTextContent('Controlla se «Invia al referente» è riuscito'),
    );
    expect(await row('Contratto Villa')).toHaveTextContent('Da verificare');
  });

  it('that is being canceled says so', async () => {
    const { row } = openHistory('wf_notice');
    expect(await row('Contratto Greco')).toHaveTextContent('Annullamento in corso');
  });

  it('offers to retry a failed run and opens the new one', async () => {
    const { menu, user, opened, client, samples } = openHistory('wf_notice');
    const shown = await menu('Contratto Rossi');
    expect(await axe(shown)).toHaveNoViolations();
    await user.click(within(shown).getByRole('menuitem', { name: /^Riprova: dal passo non riuscito/ }));
    await waitFor(() => expect(opened).toHaveLength(1));
    const { run } = await client.getRun({ params: { id: opened[0] as string } });
    expect(run.retryOf).toBe(samples.byName.failed.run.id);
  });

  it('offers to cancel a waiting run, and the list shows what became of it', async () => {
    const { menu, user, row } = openHistory('wf_confirm');
    const shown = await menu('Contratto Fabbri');
    await user.click(within(shown).getByRole('menuitem', { name: 'Annulla esecuzione' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Annullare questa esecuzione?' });
    await user.click(within(dialog).getByRole('button', { name: 'Annulla esecuzione' }));
    await waitFor(async () => expect(await row('Contratto Fabbri')).toHaveTextContent('Annullata'));
  });

  it('has only what makes sense: a run that is being canceled can be opened', async () => {
    const { menu, user, opened, samples } = openHistory('wf_notice');
    const shown = await menu('Contratto Greco');
    expect(within(shown).getAllByRole('menuitem')).toHaveLength(1);
    await user.click(within(shown).getByRole('menuitem', { name: 'Apri' }));
    expect(opened).toEqual([samples.byName.canceling.run.id]);
  });

  it('keeps its menu within reach of the keyboard, wherever the person is in the list', async () => {
    const { row, user } = openHistory('wf_notice');
    const first = within(await row('Contratto Verdi')).getByRole('button', { name: /^Contratto Verdi/ });
    act(() => first.focus());
    await user.keyboard('jj{Tab}');
    expect(screen.getByRole('button', { name: 'Azioni per «Preventivo Bianchi»' })).toHaveFocus();
    await user.keyboard('{Enter}{End}');
    expect(screen.getByRole('menuitem', { name: 'Annulla esecuzione' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('button', { name: 'Azioni per «Preventivo Bianchi»' })).toHaveFocus();
  });

  it('tells why an action came to nothing', async () => {
    const { menu, user, client } = openHistory('wf_notice');
    client.fake.fail('retryRun', new WorkflowError('forbidden', 'No.'));
    const shown = await menu('Contratto Rossi');
    await user.click(within(shown).getByRole('menuitem', { name: /dall’inizio/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Il tuo ruolo non lo consente.');
  });
});
