import { fireEvent, screen, within } from '@testing-library/react';
import type { Json, WorkflowDefinition } from '../../src/core';
import { dialog, renderBuilder } from './builder-page';
import { stopClock } from './support';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

const startedBy = (type: string, config: Record<string, Json>): WorkflowDefinition => ({
  schemaVersion: 1,
  nodes: [
    { id: 'trigger', type, config },
    { id: 'stop_a1b2', type: 'flow.stop', config: { status: 'succeeded' } },
  ],
  edges: [{ id: 'e1', source: 'trigger', sourceHandle: 'next', target: 'stop_a1b2' }],
});

describe('a schedule in the builder', () => {
  /** The trigger's dialog, open. */
  const open = async (config: Record<string, Json>, locale: 'it' | 'en' = 'it') => {
    const view = await renderBuilder({ definition: startedBy('flow.schedule', config), locale });
    await view.user.click(view.step('trigger'));
    const form = within(screen.getByRole('dialog'));
    const save = () =>
      view.user.click(form.getByRole('button', { name: locale === 'it' ? 'Salva' : 'Save' }));
    const kinds = form.getByRole('combobox', { name: locale === 'it' ? 'Ogni quanto' : 'How often' });
    return { ...view, form, save, kinds, cron: () => view.node('trigger').config.cron };
  };

  it('is chosen in words and stored as a cron', async () => {
    const { user, form, save, kinds, cron } = await open({ cron: '0 9 * * 1-5' });
    expect(kinds).toHaveValue('working-day');
    await user.selectOptions(kinds, 'Una volta al mese');
    await user.selectOptions(form.getByLabelText('Il giorno'), 'L’ultimo giorno del mese');
    fireEvent.change(form.getByLabelText('Alle ore'), { target: { value: '18:30' } });
    await save();
    expect(cron()).toBe('30 18 L * *');
  });

  it('takes days of the week, one at least', async () => {
    const { user, form, save, kinds, cron } = await open({ cron: '0 9 * * *' });
    await user.selectOptions(kinds, 'In certi giorni della settimana');
    const day = (name: string) => form.getByRole('checkbox', { name });
    expect(day('lunedì')).toBeChecked();
    await user.click(day('giovedì'));
    await user.click(day('lunedì'));
    await user.click(day('giovedì'));
    expect(day('giovedì')).toBeChecked();
    await save();
    expect(cron()).toBe('0 9 * * 4');
  });

  it('says when it comes next, in its time zone', async () => {
    // It is Monday 23 November, 10:30 in Rome, 04:30 in New York.
    const rome = await open({ cron: '0 9 * * 1-5' });
    const next = /^Prossime volte: mar 24 nov, 09:00 · mer 25 nov, 09:00 · gio 26 nov, 09:00/;
    expect(rome.form.getByText(next)).toBeVisible();
    expect(rome.form.getByText(/Le ore sono quelle di Europe\/Rome\. Le festività contano/)).toBeVisible();
    rome.unmount();
    const { form } = await open({ cron: '0 9 * * *', timeZone: 'America/New_York' }, 'en');
    expect(form.getByText(/^Next: Mon,? 23 Nov,? 09:00/)).toBeVisible();
    expect(form.getByText('Times are those of America/New York.')).toBeVisible();
  });

  it('that is no simple one stays as it was written, and what is wrong is said at the field', async () => {
    const { user, form, save, kinds, cron } = await open({ cron: '*/15 8-18 * * 1-5' });
    expect(kinds).toHaveValue('custom');
    const input = form.getByLabelText('Cron');
    await user.clear(input);
    await user.type(input, '0 25 * * *');
    expect(await form.findByText(/«25» non va bene per ora: scrivi \*, un numero da 0 a 23/)).toBeVisible();
    expect(input).toHaveAttribute('aria-invalid', 'true');
    expect(form.queryByText(/^Prossime volte/)).toBeNull();
    await save();
    expect(cron()).toBe('0 25 * * *');
  });

  it('warns that months without that day are passed over', async () => {
    const { form } = await open({ cron: '0 9 31 * *' });
    expect(form.getByText(/I mesi senza il giorno 31 vengono saltati/)).toBeVisible();
  });

  it('says on the card when it starts', async () => {
    const definition = startedBy('flow.schedule', { cron: '0 9 * * 1,4' });
    const { step } = await renderBuilder({ definition });
    expect(step('trigger')).toHaveTextContent('Ogni lunedì e giovedì alle 09:00');
  });
});

describe('starting a run from the builder', () => {
  const fields: Json = [
    { name: 'cliente', label: 'Ragione sociale', required: true },
    { name: 'importo', type: 'money', required: true },
    { name: 'scadenza', type: 'date' },
    { name: 'reparto', type: 'choice', choices: ['Vendite', 'Acquisti'] },
    { name: 'nota', type: 'long-text' },
    { name: 'urgente', type: 'boolean' },
  ];
  const open = async (type: string, config: Record<string, Json>) => {
    const definition = startedBy(type, config);
    const view = await renderBuilder({ definition, workflow: { publishedVersion: null } });
    await view.user.click(screen.getByRole('button', { name: 'Esegui ora' }));
    const form = dialog(/Esegui ora/);
    const run = () => view.user.click(form.getByRole('button', { name: 'Esegui' }));
    const started = () =>
      view.client.fake.calls
        .filter(({ route }) => route === 'startRun')
        .map(({ request }) => (request as { body: { payload?: Json } }).body.payload);
    return { ...view, form, run, started };
  };

  it('asks for the fields the workflow declares, by their labels, and sends each with its type', async () => {
    const { user, form, run, started } = await open('flow.manual', { fields });
    await user.type(form.getByLabelText('Ragione sociale'), 'Rossi S.r.l.');
    await user.type(form.getByLabelText('importo'), '1.220,50');
    fireEvent.change(form.getByLabelText(/^scadenza/), { target: { value: '2026-12-31' } });
    await user.selectOptions(form.getByLabelText(/^reparto/), 'Acquisti');
    await user.click(form.getByRole('checkbox', { name: 'urgente' }));
    await run();
    await within(screen.getByRole('dialog')).findByRole('status');
    expect(started()).toEqual([
      {
        ...{ cliente: 'Rossi S.r.l.', importo: 1220.5, scadenza: '2026-12-31' },
        ...{ reparto: 'Acquisti', urgente: true },
      },
    ]);
  });

  it('says which field is missing or no number, by its label, and starts nothing', async () => {
    const { user, form, run, started } = await open('flow.manual', { fields });
    await run();
    expect(form.getByRole('alert')).toHaveTextContent('Compila «Ragione sociale».');
    await user.type(form.getByLabelText('Ragione sociale'), 'Rossi');
    await user.type(form.getByLabelText('importo'), 'molto');
    await run();
    expect(form.getByRole('alert')).toHaveTextContent('«importo» deve essere un numero.');
    expect(started()).toEqual([]);
  });

  it('asks nothing of a workflow on a schedule', async () => {
    const { form, run, started } = await open('flow.schedule', { cron: '0 9 * * *' });
    expect(form.getByText('Viene eseguito come se l’ora stabilita fosse adesso.')).toBeVisible();
    await run();
    await within(screen.getByRole('dialog')).findByRole('status');
    expect(started()).toEqual([undefined]);
  });
});
