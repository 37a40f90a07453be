import { act, screen, waitFor, within } from '@testing-library/react';
import { RunHistory } from '../../src/components/runs/run-history';
import { WorkflowError } from '../../src/core';
import { createManyRuns } from '../../stories/support/samples';
import { now, renderTrama, stopClock } from './support';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

const list = () => screen.findByRole('list', { name: 'Esecuzioni, dalla più recente' });
const titles = async () =>
  within(await list())
    .getAllByRole('button', { name: /^(?!Azioni)/ })
    .map((item) => item.querySelector('.trama-run-item-title')?.textContent);
/** The row of a run, not the menu over it. */
const run = async (title: RegExp) =>
  within(await list())
    .getAllByRole('button', { name: title })
    .find((button) => button.matches('.trama-run-item')) as HTMLElement;
const nothing = () => {};

describe('the run history', () => {
  it('lists runs newest first with title, status, time, duration and the step that failed', async () => {
    renderTrama(<RunHistory workflowId="wf_notice" onOpenRun={nothing} />);
    const failed = await run(/Contratto Rossi/);
    await within(failed).findByText('Avvisa l’amministrazione');
    expect(failed).toHaveTextContent('Non riuscita');
    expect(failed).toHaveTextContent('10:14');
    expect(failed).toHaveTextContent('3,2 s');
    expect((await titles()).slice(0, 4)).toEqual([
      'Contratto Verdi',
      'Contratto Greco',
      'Preventivo Bianchi',
      'Contratto Rossi',
    ]);
  });

  it('says when a waiting run tries again, and gives the date of runs of other days', async () => {
    renderTrama(<RunHistory onOpenRun={nothing} />);
    expect(await run(/Bianchi/)).toHaveTextContent('prosegue oggi, 10:33');
    expect(await run(/Ferri/)).toHaveTextContent('22 nov');
  });

  it('says what a run waits for, and until when only where that has an end of its own', async () => {
    renderTrama(<RunHistory onOpenRun={nothing} />);
    const rows = within(await list()).getAllByRole('button');
    const told = rows.map((row) => row.textContent).join('\n');
    expect(told).toContain('attende che Slack sia collegato');
    expect(told).not.toMatch(/sia collegato, al più tardi/);
    expect(told).toMatch(/attende una decisione, al più tardi (oggi|domani|\d)/);
    expect(told).toMatch(/attende un evento, al più tardi \d/);
  });

  it('speaks English when the provider does', async () => {
    renderTrama(<RunHistory onOpenRun={nothing} />, { locale: 'en' });
    const runs = await screen.findByRole('list', { name: 'Runs, newest first' });
    expect(within(runs).getByRole('button', { name: /^Preventivo Bianchi/ })).toHaveTextContent(
      'goes on today, 10:33',
    );
    expect(within(runs).getByRole('button', { name: /^Contratto Rossi/ })).toHaveTextContent('Failed');
  });

  it('keeps only the chosen statuses, and shows all again when the chip is released', async () => {
    const { user } = renderTrama(<RunHistory workflowId="wf_notice" onOpenRun={nothing} />);
    await list();
    const chip = screen.getByRole('button', { name: 'In attesa' });
    await user.click(chip);
    await waitFor(async () => expect(await titles()).toEqual(['Preventivo Bianchi', 'Contratto Moretti']));
    expect(chip).toHaveAttribute('aria-pressed', 'true');
    await user.click(chip);
    await waitFor(async () => expect(await titles()).toContain('Contratto Neri'));
  });

  it('counts a run to be checked among the failed ones', async () => {
    const { user } = renderTrama(<RunHistory onOpenRun={nothing} />);
    await list();
    await user.click(screen.getByRole('button', { name: 'Non riuscite' }));
    await waitFor(async () => expect(await titles()).not.toContain('Contratto Neri'));
    expect(await titles()).toContain('Contratto Ferri');
  });

  it('finds the runs of one document by its id, and offers a way back when there are none', async () => {
    const { user } = renderTrama(<RunHistory onOpenRun={nothing} />);
    await list();
    const search = screen.getByRole('searchbox', { name: /id di documento/ });
    await user.type(search, 'doc_6{Enter}');
    await waitFor(async () => expect(await titles()).toEqual(['Contratto Neri']));
    await user.clear(search);
    await user.type(search, 'doc_999{Enter}');
    await screen.findByText('Nessuna esecuzione corrisponde');
    await user.click(screen.getByRole('button', { name: 'Mostra tutte' }));
    await waitFor(async () => expect(await titles()).toContain('Contratto Rossi'));
    expect(search).toHaveValue('');
  });

  it('leaves what is being typed alone when its answer comes', async () => {
    const { user } = renderTrama(<RunHistory onOpenRun={nothing} />);
    await list();
    const search = screen.getByRole('searchbox', { name: /id di documento/ });
    await user.type(search, 'doc_6 ');
    await waitFor(async () => expect(await titles()).toEqual(['Contratto Neri']));
    expect(search).toHaveValue('doc_6 ');
  });

  it('is fixed to one document when the host says so, without a search field', async () => {
    renderTrama(<RunHistory businessKey="doc_6" onOpenRun={nothing} />);
    expect(await titles()).toEqual(['Contratto Neri']);
    expect(screen.queryByRole('searchbox')).not.toBeInTheDocument();
  });

  it('loads one page after the other until the end, each run once', async () => {
    const { user } = renderTrama(<RunHistory onOpenRun={nothing} />, {
      runs: createManyRuns(70, now.getTime()),
    });
    expect(await titles()).toHaveLength(30);
    await user.click(screen.getByRole('button', { name: 'Mostra altre' }));
    await waitFor(async () => expect(await titles()).toHaveLength(60));
    await user.click(screen.getByRole('button', { name: 'Mostra altre' }));
    await waitFor(async () => expect(await titles()).toHaveLength(70));
    expect(new Set(await titles()).size).toBe(70);
    expect(screen.queryByRole('button', { name: 'Mostra altre' })).not.toBeInTheDocument();
  });

  it('shows runs that started meanwhile when the page comes back into view, and keeps the pages already loaded', async () => {
    const runs = createManyRuns(45, now.getTime());
    const [newest, ...earlier] = runs;
    const { user, client } = renderTrama(<RunHistory onOpenRun={nothing} />, { runs: earlier });
    await list();
    await user.click(screen.getByRole('button', { name: 'Mostra altre' }));
    await waitFor(async () => expect(await titles()).toHaveLength(44));
    if (newest) client.fake.setRun(newest);
    act(() => void window.dispatchEvent(new Event('focus')));
    await waitFor(async () => expect(await titles()).toHaveLength(45));
    expect((await titles())[0]).toBe(newest?.run.title);
  });

  it('keeps the list and says that it is not up to date when a refresh fails', async () => {
    const { client, user } = renderTrama(<RunHistory onOpenRun={nothing} />);
    await list();
    client.fake.fail('listRuns', new WorkflowError('unavailable', 'Away.'));
    act(() => void window.dispatchEvent(new Event('focus')));
    await screen.findByText('Non aggiornato: il server non risponde.');
    expect(await titles()).toContain('Contratto Rossi');
    client.fake.fail('listRuns', null);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    await waitFor(() =>
      expect(screen.queryByText('Non aggiornato: il server non risponde.')).not.toBeInTheDocument(),
    );
  });

  it('says why nothing could be loaded and tries again on demand', async () => {
    const failures = { listRuns: new WorkflowError('unavailable', 'The server could not be reached.') };
    const { client, user } = renderTrama(<RunHistory onOpenRun={nothing} />, { failures });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Non è stato possibile caricare le esecuzioni',
    );
    client.fake.fail('listRuns', null);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(await titles()).toContain('Contratto Rossi');
  });

  it('explains an empty history', async () => {
    renderTrama(<RunHistory onOpenRun={nothing} />, { runs: [] });
    await screen.findByText('Ancora nessuna esecuzione');
  });

  it('moves with j, k, arrows, Home and End, and opens with Enter', async () => {
    const opened: string[] = [];
    const { user, samples } = renderTrama(
      <RunHistory workflowId="wf_notice" onOpenRun={(id) => opened.push(id)} />,
    );
    await list();
    const at = (title: string) => screen.getByRole('button', { name: new RegExp(`^${title}`) });
    await user.click(screen.getByRole('searchbox'));
    await user.tab();
    for (const _ of ['failed', 'waiting', 'running', 'succeeded']) await user.tab();
    expect(at('Contratto Verdi')).toHaveFocus();
    await user.keyboard('jjj');
    expect(at('Contratto Rossi')).toHaveFocus();
    await user.keyboard('k');
    expect(at('Preventivo Bianchi')).toHaveFocus();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(opened).toEqual([samples.byName.failed.run.id]);
    await user.keyboard('{End}');
    expect(at('Preventivo Moretti')).toHaveFocus();
    await user.keyboard('{Home}');
    expect(at('Contratto Verdi')).toHaveFocus();
  });

  it('marks the run that is open beside it', async () => {
    const { samples, rerender } = renderTrama(<RunHistory onOpenRun={nothing} />);
    rerender(<RunHistory onOpenRun={nothing} selectedRunId={samples.byName.failed.run.id} />);
    expect(await run(/Contratto Rossi/)).toHaveAttribute('aria-current', 'true');
    expect(await run(/Contratto Neri/)).not.toHaveAttribute('aria-current');
  });
});
