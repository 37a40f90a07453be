import { act, cleanup, waitFor, within } from '@testing-library/react';
import { providers } from '../../src/blocks';
import { createSamples, sampleIntegration } from '../../stories/support/samples';
import { now, stopClock } from './support';
import { detail, open } from './viewer-page';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

describe('a failure', () => {
  it('of the provider says what happened, that nobody here must act, and gives the facts for support', async () => {
    open('failed');
    const panel = await detail();
    expect(panel).toHaveTextContent('Slack non risponde');
    expect(panel).toHaveTextContent(
      '3 tentativi, nessuno riuscito. Slack ha respinto la chiamata con stato 503.',
    );
    expect(panel).toHaveTextContent('Chi deve agire: nessuno qui. È un guasto di Slack');
    expect(panel).toHaveTextContent('3 tentativi, dopo 500 ms e 1 s');
    expect(panel).toHaveTextContent('Richiesta Slackreq_8f2c1b9e4d');
    expect(within(panel).getByText(/può fatturare/)).toBeVisible();
  });

  it.each([
    [
      'missingValue',
      'it',
      'chi cura il flusso. Correggi «Oltre 1.000 €?», pubblica, poi riprova con l’ultima versione.',
    ],
    [
      'missingValue',
      'en',
      'whoever looks after the workflow. Correct “Oltre 1.000 €?”, publish, then retry with the latest version.',
    ],
    ['revoked', 'it', 'un amministratore. Ricollega Slack in Impostazioni › Integrazioni'],
    ['revoked', 'en', 'an administrator. Reconnect Slack in Settings › Integrations'],
    ['fault', 'it', 'lo sviluppatore di questa applicazione.'],
    ['fault', 'en', 'the developer of this application.'],
    ['waiting', 'it', 'nessuno. Il passo si ripete da solo alle 10:33.'],
    ['waiting', 'en', 'nobody. The step is repeated by itself at 10:33.'],
  ] as const)('names who must act when the run is %s, in %s', async (name, locale, who) => {
    open(name, { locale });
    expect(await detail()).toHaveTextContent(who);
  });

  it('does not deny an effect that an attempt before the last may have had', async () => {
    const runs = [structuredClone(createSamples(now.getTime()).byName.failed)];
    const first = runs[0]?.steps.find(({ attempts }) => attempts.length > 1)?.attempts[0];
    open('failed', { runs });
    expect(await detail()).toHaveTextContent('Ciò che il passo doveva fare non è avvenuto.');
    if (first) first.error = { ...first.error, kind: 'uncertain' };
    cleanup();
    open('failed', { runs });
    expect(await detail()).toHaveTextContent('Ciò che il passo fa potrebbe essere avvenuto lo stesso.');
  });

  it('with a code we have no words for is told in its own', async () => {
    const runs = [structuredClone(createSamples(now.getTime()).byName.fault)];
    const broken = runs[0]?.steps.find((candidate) => candidate.error);
    if (broken?.error)
      broken.error = { ...broken.error, code: 'brand_new', message: 'Something nobody foresaw.' };
    open('fault', { runs });
    expect(await detail()).toHaveTextContent('Il passo non è riuscito');
    expect(within(await detail()).getAllByText(/Something nobody foresaw/)[0]).toBeVisible();
  });

  it('of the connection says that the run goes on once somebody connects, and lets them do so in place', async () => {
    const popup = { closed: false, location: { href: 'about:blank' }, close: jest.fn() };
    jest.spyOn(window, 'open').mockReturnValue(popup as unknown as Window);
    const page = open('unconnected');
    const panel = await detail();
    expect(panel).toHaveTextContent('Slack va ricollegato');
    expect(panel).toHaveTextContent(
      'Chi deve agire: un amministratore. Appena Slack è collegato l’esecuzione prosegue da sola: non c’è nulla da rifare.',
    );
    expect(panel).not.toHaveTextContent('si ripete da solo');
    await page.user.click(await within(panel).findByRole('button', { name: 'Collega Slack' }));
    await waitFor(() => expect(popup.location.href).not.toBe('about:blank'));
    expect(page.client.fake.calls).toContainEqual(
      expect.objectContaining({ route: 'connectIntegration', request: { params: { provider: 'slack' } } }),
    );
  });

  it('of the connection offers nothing to press to somebody who may not connect', async () => {
    const { client } = open('unconnected', { canManage: false });
    const panel = await detail();
    expect(panel).toHaveTextContent('Chi deve agire: un amministratore.');
    await waitFor(() =>
      expect(client.fake.calls).toContainEqual(expect.objectContaining({ route: 'listIntegrations' })),
    );
    await act(async () => {});
    expect(within(panel).queryByRole('button', { name: 'Collega Slack' })).toBeNull();
  });

  it('of the connection asks for the account where only that is left', async () => {
    const accounts = [{ id: '1', label: 'Uno' }];
    const unchosen = sampleIntegration(now.getTime(), { state: 'needs_account', account: null, accounts });
    const { user, client } = open('unconnected', { integrations: [unchosen] });
    await user.click(await within(await detail()).findByRole('button', { name: 'Usa «Uno»' }));
    await waitFor(() =>
      expect(client.fake.calls).toContainEqual(
        expect.objectContaining({
          route: 'chooseAccount',
          request: expect.objectContaining({ body: { accountId: '1' } }),
        }),
      ),
    );
  });

  it('of the connection is told under the name the host gave its provider', async () => {
    const renamed = providers.map((provider) =>
      provider.id === 'slack' ? { ...provider, label: { en: 'Chat', it: 'Chat' } } : provider,
    );
    open('unconnected', { provider: { providers: renamed } });
    expect(await detail()).toHaveTextContent('Chat va ricollegato');
  });

  it('is none where a step waits for its turn, and is told so', async () => {
    const sample = structuredClone(createSamples(now.getTime()).byName.succeeded);
    const step = sample.steps.find(({ key }) => key === 'message_k2pd') as (typeof sample.steps)[number];
    const error = { kind: 'retry', code: 'paced', message: 'Later.', actor: 'provider' } as const;
    const wakeAt = new Date(now.getTime() + 11_000).toISOString();
    const putOff = { status: 'waiting', attempt: 0, attempts: [], output: null, finishedAt: null } as const;
    Object.assign(step, { ...putOff, error, wakeAt, startedAt: now.toISOString() });
    Object.assign(sample.run, { status: 'waiting', finishedAt: null });
    open('succeeded', { runs: [sample] });
    expect(await detail()).toHaveTextContent('Attende il suo turno');
    expect(await detail()).toHaveTextContent('Chi deve agire: nessuno. Il passo si ripete da solo alle');
    expect(document.querySelector('.trama-tl-bar[data-kind="pause"]')).toBeInTheDocument();
  });

  it('of the run as a whole is told above the step', async () => {
    const limit = structuredClone(createSamples(now.getTime()).byName.succeeded);
    limit.run.status = 'failed';
    limit.run.error = {
      kind: 'terminal',
      code: 'steps_exceeded',
      message: 'Stopped.',
      nodeId: 'x',
      stepKey: 'x',
    };
    open('succeeded', { runs: [limit] });
    expect(await detail()).toHaveTextContent('L’esecuzione ha troppi passi');
  });
});
