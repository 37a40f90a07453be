import { act, screen, waitFor, within } from '@testing-library/react';
import { IntegrationsSettings } from '../../src/components/integrations/integrations-settings';
import { WorkflowError } from '../../src/core';
import { sampleIntegration, unconnected } from '../../stories/support/samples';
import { now, type RenderOptions, renderTrama, stopClock } from './support';

beforeEach(stopClock);
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const slack = (changes: Parameters<typeof sampleIntegration>[1]) => [
  sampleIntegration(now.getTime(), changes),
];
const card = () => screen.findByRole('article', { name: 'Slack' });
const show = (options: RenderOptions = {}) => renderTrama(<IntegrationsSettings />, options);

/** The window a browser would open: jsdom opens none. */
function catchPopup() {
  const popup = { closed: false, location: { href: 'about:blank' }, close: jest.fn() };
  const open = jest.spyOn(window, 'open').mockReturnValue(popup as unknown as Window);
  return { popup, open };
}

/** What the page at the end of the OAuth round trip sends to its opener. */
function say(source: unknown, data: unknown, origin = window.location.origin) {
  const event = new MessageEvent('message', { data, origin });
  Object.defineProperty(event, 'source', { value: source });
  act(() => void window.dispatchEvent(event));
}

describe('a connection that opens several accounts', () => {
  const accounts = [
    { id: '1', label: 'Studio Bianchi S.r.l.' },
    { id: '2', label: 'Rossi Costruzioni S.p.A.' },
  ];
  const open = () => show({ integrations: slack({ state: 'needs_account', account: null, accounts }) });

  it('asks which one to use, and is connected as the one that was chosen', async () => {
    const { user } = open();
    expect(await card()).toHaveTextContent('Spazio di lavoro da scegliere');
    expect(within(await card()).queryByRole('button', { name: 'Verifica' })).toBeNull();
    await user.click(within(await card()).getByRole('radio', { name: 'Rossi Costruzioni S.p.A.' }));
    await user.click(within(await card()).getByRole('button', { name: 'Usa «Rossi Costruzioni S.p.A.»' }));
    await waitFor(async () =>
      expect(await card()).toHaveTextContent('Spazio di lavoro Rossi Costruzioni S.p.A.'),
    );
    expect(screen.queryByRole('radio')).toBeNull();
  });
});

describe('a connection that opens another account than before', () => {
  const accounts = [{ id: '2', label: 'Rossi Costruzioni S.p.A.' }];
  const changes = { state: 'needs_account' as const, account: null, accounts };

  it('says so and waits for a person to use it', async () => {
    const { user } = show({ integrations: slack(changes) });
    expect(await card()).toHaveTextContent('Spazio di lavoro da scegliere');
    expect(await card()).toHaveTextContent('Spazio di lavoro: cambia rispetto a prima.');
    expect(await card()).toHaveTextContent('vale per tutti i flussi, comprese le esecuzioni in attesa');
    expect(await card()).not.toHaveTextContent('più di una');
    await user.click(within(await card()).getByRole('button', { name: 'Usa «Rossi Costruzioni S.p.A.»' }));
    await waitFor(async () =>
      expect(await card()).toHaveTextContent('Spazio di lavoro Rossi Costruzioni S.p.A.'),
    );
  });

  it('says the same in English', async () => {
    show({ integrations: slack(changes), locale: 'en' });
    expect(await card()).toHaveTextContent('Workspace: not the one used so far.');
    expect(await card()).toHaveTextContent('The consent to Slack opens only this one.');
  });

  it('offers what the latest consent opens', async () => {
    const { client } = show({ integrations: slack(changes) });
    await within(await card()).findByRole('button', { name: 'Usa «Rossi Costruzioni S.p.A.»' });
    const items = slack({ ...changes, accounts: [{ id: '3', label: 'Neri S.p.A.' }] });
    jest.spyOn(client, 'listIntegrations').mockResolvedValue({ items, canManage: true });
    act(() => void window.dispatchEvent(new Event('focus')));
    expect(await within(await card()).findByRole('button', { name: 'Usa «Neri S.p.A.»' })).toBeEnabled();
    expect(within(await card()).getByRole('radio')).toBeChecked();
  });
});

describe('the integrations page', () => {
  it('shows a connected account, who connected it, when it was used and where', async () => {
    show();
    expect(await card()).toHaveTextContent('Collegato');
    expect(await card()).toHaveTextContent(
      'Spazio di lavoro ACME S.r.l. · da Laura Bianchi il 12/10/2026 · usato 4 minuti fa',
    );
    expect(await card()).toHaveTextContent(
      'Usato in 3 flussi: Avviso dopo la firma, Messaggio ai firmatari, Benvenuto al cliente',
    );
  });

  it('says the same in English', async () => {
    show({ locale: 'en' });
    expect(await card()).toHaveTextContent(
      'Workspace ACME S.r.l. · connected by Laura Bianchi on 12/10/2026 · used 4 minutes ago',
    );
  });

  it('shows the host as managed by itself and leaves out what needs no connection', async () => {
    show();
    await card();
    expect(screen.getByText('Gestito da Doc Manager')).toBeVisible();
    expect(screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)).toEqual([
      'Slack',
      'Doc Manager',
    ]);
  });

  it('shows only the providers the host names, in its order', async () => {
    renderTrama(<IntegrationsSettings providers={['doc-manager', 'slack']} />);
    await card();
    expect(screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)).toEqual([
      'Doc Manager',
      'Slack',
    ]);
  });

  it.each([
    ['not_connected', 'Non collegato', 'Collega'],
    ['needs_reauth', 'Da ricollegare', 'Ricollega'],
    ['error', 'Errore', 'Ricollega'],
  ] as const)('offers the way out of the state %s', async (state, word, action) => {
    show({ integrations: slack(state === 'not_connected' ? unconnected : { state }) });
    expect(await card()).toHaveTextContent(word);
    expect(within(await card()).getByRole('button', { name: action })).toBeEnabled();
  });

  it('says who must act when the host gave no client id, and offers nothing that cannot work', async () => {
    show({ integrations: slack({ ...unconnected, configured: false }) });
    expect(await card()).toHaveTextContent('Non predisposto');
    expect(await card()).toHaveTextContent('Chi deve agire: lo sviluppatore di questa applicazione.');
    expect(within(await card()).queryByRole('button')).not.toBeInTheDocument();
  });

  it('can be loaded again after an error', async () => {
    const { client, user } = show({
      failures: { listIntegrations: new WorkflowError('unavailable', 'Away.') },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Non è stato possibile caricare le integrazioni',
    );
    client.fake.fail('listIntegrations', null);
    await user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(await card()).toHaveTextContent('Collegato');
  });
});

describe('for somebody whose role may not connect', () => {
  it.each([
    ['not_connected', unconnected],
    ['needs_reauth', { state: 'needs_reauth' as const }],
    [
      'needs_account',
      { state: 'needs_account' as const, account: null, accounts: [{ id: '1', label: 'Uno' }] },
    ],
  ])('shows the state %s and whom to ask, and nothing to press', async (_, changes) => {
    show({ integrations: slack(changes), canManage: false });
    expect(await card()).toHaveTextContent('Solo un amministratore può collegarlo');
    expect(within(await card()).queryByRole('button')).toBeNull();
    expect(within(await card()).queryByRole('radio')).toBeNull();
  });

  it('has nobody to ask while all is well', async () => {
    show({ canManage: false });
    expect(await card()).toHaveTextContent('Collegato');
    expect(await card()).not.toHaveTextContent('amministratore');
    expect(within(await card()).queryByRole('button')).toBeNull();
  });
});

describe('verifying', () => {
  it('says that the connection works', async () => {
    const { user } = show();
    await user.click(within(await card()).getByRole('button', { name: 'Verifica' }));
    expect(await screen.findByText('Il collegamento funziona.')).toBeVisible();
  });

  it('says why it does not', async () => {
    const { user } = show({ integrations: slack({ state: 'error', lastErrorCode: 'slack_unreachable' }) });
    await user.click(within(await card()).getByRole('button', { name: 'Verifica' }));
    expect(await screen.findByText('Il collegamento non funziona: Slack non è raggiungibile.')).toBeVisible();
  });
});

describe('connecting', () => {
  const authorizeUrl = () =>
    'https://slack.example/oauth?redirect_uri=https%3A%2F%2Fapi.example.com%2Fcallback';
  const start = async (options: RenderOptions = {}) => {
    const caught = catchPopup();
    const shown = show({ integrations: slack(unconnected), authorizeUrl, ...options });
    await shown.user.click(within(await card()).getByRole('button', { name: 'Collega' }));
    return { ...caught, ...shown };
  };

  it('opens the window in the click itself, before anything is asked of the server', async () => {
    const { open } = catchPopup();
    const { client, user } = show({ integrations: slack(unconnected), pending: ['connectIntegration'] });
    const button = within(await card()).getByRole('button', { name: 'Collega' });
    let askedBefore: string[] = [];
    open.mockImplementation(() => {
      askedBefore = client.fake.calls.map((call) => call.route);
      return { closed: false, location: { href: '' }, close: () => {} } as unknown as Window;
    });
    await user.click(button);
    expect(open).toHaveBeenCalledTimes(1);
    expect(askedBefore).not.toContain('connectIntegration');
  });

  it('sends the window to the provider and shows the account once its page reports success', async () => {
    const { popup, client } = await start();
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    expect(within(await card()).getByRole('button', { name: 'Collegamento…' })).toBeDisabled();
    client.fake.completeConnection('slack', 'ACME S.r.l.');
    say(popup, { source: 'trama', ok: true, provider: 'slack' });
    await waitFor(async () => expect(await card()).toHaveTextContent('Spazio di lavoro ACME S.r.l.'));
    expect(await card()).toHaveTextContent('Collegato');
  });

  it('believes the origin the provider returns to, and no other origin or window', async () => {
    const { popup, client } = await start();
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    client.fake.completeConnection('slack', 'ACME S.r.l.');
    const success = { source: 'trama', ok: true, provider: 'slack' };
    say(popup, success, 'https://evil.example');
    say(window, success);
    say(popup, { ...success, provider: 'other' });
    say(popup, { ok: true });
    expect(await card()).toHaveTextContent('Non collegato');
    say(popup, success, 'https://api.example.com');
    await waitFor(async () => expect(await card()).toHaveTextContent('Spazio di lavoro ACME S.r.l.'));
  });

  it('explains that access was refused', async () => {
    const { popup } = await start();
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    say(popup, { source: 'trama', ok: false, provider: 'slack', error: 'access_denied' });
    expect(await screen.findByRole('alert')).toHaveTextContent('Accesso negato');
    expect(within(await card()).getByRole('button', { name: 'Collega' })).toBeEnabled();
  });

  it.each([
    ['account_missing', {}, 'Chi ha dato il consenso non ha nessuna azienda o spazio di lavoro su Slack.'],
    ['state_invalid', {}, 'vale una volta, per dieci minuti'],
    [
      'account_refused',
      { reason: 'enterprise_install', message: 'It was installed for an organization.' },
      'L’app è stata installata per un’intera organizzazione Slack',
    ],
    ['account_refused', { reason: 'new_one', message: 'The plan is too small.' }, 'The plan is too small.'],
  ])('tells %s from other failures, with the reason %j', async (error, why, text) => {
    const { popup } = await start();
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    say(popup, { source: 'trama', ok: false, provider: 'slack', error, ...why });
    expect(await screen.findByRole('alert')).toHaveTextContent(text);
    expect(within(await card()).getByRole('button', { name: 'Collega' })).toBeEnabled();
  });

  it('explains any other failure the page reports', async () => {
    const { popup } = await start({ locale: 'it' });
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    say(popup, { source: 'trama', ok: false, provider: 'slack', error: 'invalid_code' });
    expect(await screen.findByRole('alert')).toHaveTextContent('Il collegamento non è riuscito');
  });

  it('notices that the window was closed before the end', async () => {
    const { popup } = await start();
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    popup.closed = true;
    expect(await screen.findByRole('alert')).toHaveTextContent('La finestra è stata chiusa prima della fine');
  });

  it('asks the server when the window closed without a word, and believes it', async () => {
    const { popup, client } = await start();
    await waitFor(() => expect(popup.location.href).toBe(authorizeUrl()));
    client.fake.completeConnection('slack', 'ACME S.r.l.');
    popup.closed = true;
    await waitFor(async () => expect(await card()).toHaveTextContent('Spazio di lavoro ACME S.r.l.'));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says that the browser blocked the window, and asks nothing of the server', async () => {
    jest.spyOn(window, 'open').mockReturnValue(null);
    const { client, user } = show({ integrations: slack(unconnected) });
    await user.click(within(await card()).getByRole('button', { name: 'Collega' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Il browser ha bloccato la finestra');
    expect(client.fake.calls.map((call) => call.route)).not.toContain('connectIntegration');
  });

  it('closes the window again when the server cannot begin', async () => {
    const { popup } = await start({
      failures: { connectIntegration: new WorkflowError('unavailable', 'Away.') },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Il collegamento non è riuscito');
    expect(popup.close).toHaveBeenCalled();
  });
});

describe('disconnecting', () => {
  it('asks first and names the workflows that would fail', async () => {
    const { user, client } = show();
    await user.click(within(await card()).getByRole('button', { name: 'Scollega' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Scollegare Slack?' });
    expect(dialog).toHaveTextContent('Lo usano 3 flussi:');
    expect(
      within(dialog)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual(['Avviso dopo la firma', 'Messaggio ai firmatari', 'Benvenuto al cliente']);
    await user.click(within(dialog).getByRole('button', { name: 'Annulla' }));
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
    expect(client.fake.calls.map((call) => call.route)).not.toContain('disconnectIntegration');
    expect(await card()).toHaveTextContent('Collegato');
  });

  it('disconnects when confirmed', async () => {
    const { user } = show({ locale: 'en' });
    await user.click(within(await card()).getByRole('button', { name: 'Disconnect' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Disconnect Slack?' });
    await user.click(within(dialog).getByRole('button', { name: 'Disconnect' }));
    await waitFor(async () => expect(await card()).toHaveTextContent('Not connected'));
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
  });

  it('stays open and connected when the server refuses', async () => {
    const { user } = show({
      failures: {
        disconnectIntegration: new WorkflowError('forbidden', 'Only an administrator may do this.'),
      },
    });
    await user.click(within(await card()).getByRole('button', { name: 'Scollega' }));
    const dialog = await screen.findByRole('alertdialog');
    await user.click(within(dialog).getByRole('button', { name: 'Scollega' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('Il tuo ruolo non lo consente.');
  });
});
