import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { type RunningExample, startExample } from '../support/example';

/** Waits that a slow machine needs; each ends with what it waits for. */
const SLOW = 60_000;

describe('Doc Manager, used by the office manager', () => {
  let example: RunningExample;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let folder: string;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trama-journey-'));
    browser = await launchBrowser();
    example = await startExample();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'it-IT' });
    context.setDefaultTimeout(SLOW);
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) problems.push(message.text());
    });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await example?.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    expect(problems.splice(0)).toEqual([]);
  });

  const open = (path: string) => page.goto(example.origin + path);
  const api = <T>(path: string): Promise<T> =>
    page.evaluate(async (address) => (await fetch(address)).json(), path) as Promise<T>;

  /** Uploads a PDF from disk, asks for one signature and signs it on the signer's own page. */
  async function signDocument(title: string, importo: string): Promise<void> {
    const pdf = await PDFDocument.create();
    pdf.addPage().drawText(title);
    const file = join(folder, `${title}.pdf`);
    await writeFile(file, await pdf.save());
    await open('/documents');
    await page.getByRole('button', { name: 'Carica un PDF' }).click();
    await page.getByLabel('File PDF').setInputFiles(file);
    await page.getByLabel('Titolo').fill(title);
    await page.getByLabel('Cliente').fill('Rossi S.r.l.');
    await page.getByLabel('Importo (€)').fill(importo);
    await page.getByRole('button', { name: 'Carica' }).click();
    await page.getByLabel('Nome e cognome').fill('Mario Rossi');
    await page.getByLabel('Email').fill('mario@rossi.example');
    await page.getByRole('button', { name: 'Richiedi firma' }).click();
    const [signing] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: /Pagina di firma/ }).click(),
    ]);
    await signing.getByLabel('Scrivi il tuo nome e cognome').fill('Mario Rossi');
    await signing.getByRole('button', { name: 'Firma', exact: true }).click();
    await signing.getByText('Hanno firmato tutti.').waitFor();
    await signing.close();
  }

  /** Opens the newest run of a document and waits for it to be shown as ended well. */
  async function openSucceededRun(title: string): Promise<void> {
    await open('/runs');
    await page.getByText(title).first().click();
    await page.locator('.dm-runs-open').getByText('Riuscita', { exact: true }).first().waitFor();
  }

  /** Looks for a message in a channel of the sandbox. */
  async function findMessage(channel: string, text: string): Promise<void> {
    await open('/sandbox-slack');
    await page.getByRole('navigation', { name: 'Canali' }).getByText(channel).click();
    await page.getByText(text).waitFor();
  }

  const card = (provider: string) => page.getByRole('article', { name: provider });

  /** Two clicks: one on the card, one on the provider's page. */
  async function consent(provider: string): Promise<void> {
    await open('/integrations');
    const [popup] = await Promise.all([
      context.waitForEvent('page'),
      card(provider).getByRole('button', { name: 'Collega', exact: true }).click(),
    ]);
    await popup.getByRole('button', { name: /Consenti|Allow/ }).click();
  }

  it('connects the sandbox Slack in two clicks', async () => {
    await consent('Slack');
    await card('Slack').getByText('Collegato', { exact: true }).waitFor();
  }, 240_000);

  it('uploads a contract, has it signed, sees the run succeed and the message arrive', async () => {
    await signDocument('Contratto Neri', '1850');
    await openSucceededRun('Contratto Neri');
    await page.getByText('Archivia il documento').first().waitFor();
    await findMessage('fatture', 'Contratto Neri');
    await page.getByText('1.850,00 €').waitFor();
  }, 240_000);

  it('edits the workflow on the canvas, publishes it and runs it again', async () => {
    const { items } = await api<{ items: { id: string }[] }>(
      '/api/workflows/workflows?q=Contratto%20firmato',
    );
    await open(`/workflows/${items[0]?.id}`);
    await page.getByText('v1 attiva').waitFor();
    const dialog = page.getByRole('dialog');
    const save = async () => {
      await dialog.getByRole('button', { name: 'Salva' }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await page.locator('.react-flow__node', { hasText: 'Avvisa' }).click();
    await dialog.getByRole('textbox', { name: 'Messaggio' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Da registrare subito.');
    await save();
    // A second message behind the archived branch: "+" on its open end, a block from the menu, its form.
    await page.getByRole('button', { name: 'Aggiungi un passo dopo «Archivia il documento»' }).click();
    await page.keyboard.type('messaggio');
    await page.keyboard.press('Enter');
    await dialog.getByRole('combobox', { name: 'Canale' }).fill('contratti');
    await page.getByRole('option', { name: '#contratti' }).click();
    await dialog.getByRole('textbox', { name: 'Messaggio' }).click();
    await page.keyboard.type('Archiviato: ');
    await dialog
      .getByRole('button', { name: /Titolo/ })
      .first()
      .click();
    await save();
    await page.getByRole('button', { name: 'Pubblica' }).click();
    await page.getByText('v2 attiva').waitFor();
    await signDocument('Contratto Gialli', '2400');
    await openSucceededRun('Contratto Gialli');
    await signDocument('Lettera Viola', '400');
    await openSucceededRun('Lettera Viola');
    await findMessage('fatture', 'Contratto Gialli');
    await page.getByText('Da registrare subito.').waitFor();
    await findMessage('contratti', 'Archiviato: Lettera Viola');
  }, 240_000);

  it('keeps workflows, runs and the connection over a restart', async () => {
    await example.restart();
    await open('/integrations');
    await card('Slack').getByText('Collegato', { exact: true }).waitFor();
    const runs = await api<{ items: { title: string; status: string }[] }>('/api/workflows/runs');
    expect(runs.items.map(({ title, status }) => [title, status])).toEqual([
      ['Lettera Viola', 'succeeded'],
      ['Contratto Gialli', 'succeeded'],
      ['Contratto Neri', 'succeeded'],
    ]);
    await open('/workflows');
    await page.getByText('Attivo · v2').waitFor();
    await signDocument('Contratto Blu', '3000');
    await findMessage('fatture', 'Contratto Blu');
  }, 240_000);

  it('connects Fatture in Cloud for one of two companies', async () => {
    await consent('Fatture in Cloud');
    const chosen = card('Fatture in Cloud');
    await chosen.getByText('Azienda da scegliere').waitFor();
    await chosen.getByRole('radio', { name: 'Bianchi Costruzioni S.n.c.' }).check();
    await chosen.getByRole('radio', { name: 'Studio Rossi S.r.l.' }).check();
    await chosen.getByRole('button', { name: 'Usa «Studio Rossi S.r.l.»' }).click();
    await chosen.getByText('Collegato', { exact: true }).waitFor();
    await chosen.getByText('Azienda Studio Rossi S.r.l.').waitFor();
  }, 240_000);

  it('publishes a template, and a signed contract becomes an invoice that is sent, told and filed', async () => {
    await open('/workflows');
    await page.getByRole('button', { name: /Fattura dopo la firma/ }).click();
    await page.getByRole('button', { name: 'Pubblica' }).click();
    await page.getByText('v1 attiva').waitFor();
    await signDocument('Contratto Bruni', '1000');
    await open('/runs');
    await page.locator('.trama-run-item', { hasText: 'Fattura dopo la firma' }).click();
    await page.locator('.dm-runs-open').getByText('Riuscita', { exact: true }).first().waitFor();
    await open('/sandbox-fatture-in-cloud');
    const invoice = page.getByRole('row', { name: /Contratto Bruni/ });
    await invoice.getByText('1.220,00 €').waitFor();
    await invoice.getByText('Da incassare').waitFor();
    const [pdf] = await Promise.all([
      page.waitForEvent('download'),
      invoice.getByRole('link', { name: 'Scarica' }).click(),
    ]);
    expect((await readFile(await pdf.path())).subarray(0, 5).toString()).toBe('%PDF-');
    await open('/sandbox-resend');
    await page.getByRole('heading', { name: 'Fattura n. 1 · Contratto Bruni' }).waitFor();
    await page.getByRole('link', { name: 'fattura-1.pdf' }).waitFor();
    await findMessage('fatture', 'Fattura n. 1');
    await page.getByRole('link', { name: 'fattura-1.pdf' }).waitFor();
    await open('/documents');
    await page
      .getByRole('row', { name: /Contratto Bruni/ })
      .getByText('Archiviato')
      .waitFor();
  }, 240_000);

  it('starts from an email, whose attachment becomes a document', async () => {
    await open('/workflows');
    await page.getByRole('button', { name: 'Nuovo flusso' }).click();
    await page.getByText('Scegli quando parte').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Cosa avvia il flusso').selectOption({ label: 'Email ricevuta · Email' });
    await dialog.locator('input[value^="wf-"]').waitFor();
    const address = await dialog.getByRole('textbox', { name: 'Indirizzo' }).inputValue();
    await dialog.getByRole('button', { name: 'Salva' }).click();
    await page.getByRole('button', { name: 'Carica documento' }).click();
    // The arrow opens the list; its name would put the whole list into the field.
    await dialog.getByRole('button', { name: /Mostra cosa contiene «Allegati/ }).click();
    await dialog.getByRole('button', { name: /^#1/ }).first().click();
    await dialog.getByRole('button', { name: 'Salva' }).click();
    await page.getByRole('button', { name: 'Pubblica' }).click();
    await page.getByText('v1 attiva').waitFor();
    await open('/sandbox-resend');
    await page.getByText('Scrivi a un flusso').click();
    await page.getByLabel('Indirizzo del flusso').fill(address);
    await page.getByLabel('Oggetto').fill('Ordine 12');
    await page.getByRole('button', { name: 'Invia' }).click();
    await page.getByText(/^Consegnata/).waitFor();
    await open('/runs');
    await page.locator('.trama-run-item', { hasText: 'Ordine 12' }).click();
    await page.locator('.dm-runs-open').getByText('Riuscita', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: /Carica documento.*allegato\.pdf/ }).waitFor();
    await open('/documents');
    await page.getByRole('row', { name: /allegato\.pdf/ }).waitFor();
  }, 240_000);

  it('starts by hand with typed fields, and a person decides in the inbox', async () => {
    await open('/workflows');
    await page.getByRole('link', { name: /Richiesta di spesa/ }).click();
    await page.getByRole('button', { name: 'Esegui ora' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Fornitore').fill('Ferramenta Gallo');
    await dialog.getByLabel('Importo').fill('1.220,50');
    await dialog.getByLabel('Reparto').selectOption('Cantieri');
    await dialog.getByLabel('Email di chi chiede').fill('marco@studiorossi.example');
    await dialog.getByRole('button', { name: 'Esegui' }).click();
    await dialog.getByText(/attende una decisione/).waitFor();
    await open('/sandbox-resend');
    await page.getByRole('heading', { name: /Da decidere: Approvare una spesa di 1\.220,50 € / }).waitFor();
    await open('/approvals');
    await page.getByRole('button', { name: 'Approva' }).click();
    await page.getByText(/^Hai approvato/).waitFor();
    await open('/sandbox-resend');
    await page.getByText('La spesa è approvata.').waitFor();
  }, 240_000);
});
