import { screen, waitFor, within } from '@testing-library/react';
import { ApprovalInbox } from '../../src/components/approvals/approval-inbox';
import { type Approval, WorkflowError } from '../../src/core';
import { createFakeClient } from '../../stories/support/fake-client';
import { listFrom, sampleApproval, sampleApprovals } from '../../stories/support/sample-approvals';
import { now, type RenderOptions, renderTrama, stopClock } from './support';

beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

const names: Record<string, string> = { u_1: 'Laura Bianchi' };

/** The inbox before a server that holds these approvals; what is decided is noted and then no longer pending. */
function show(approvals: Approval[] = sampleApprovals(now.getTime()), options: RenderOptions = {}) {
  let held = approvals;
  const decided: unknown[] = [];
  const onOpenRun = jest.fn();
  const client = Object.assign(createFakeClient(), {
    listApprovals: (request: never) => listFrom(held)(request),
    decideApproval: async ({ params, body }: { params: { id: string }; body: { decision: 'approved' } }) => {
      decided.push([params.id, body]);
      const { decision: status } = body;
      held = held.map((approval) => (approval.id === params.id ? { ...approval, status } : approval));
      return { approval: held.find(({ id }) => id === params.id) };
    },
  });
  const inbox = <ApprovalInbox userName={(id) => names[id] ?? id} onOpenRun={onOpenRun} />;
  return { ...renderTrama(inbox, { ...options, provider: { client } }), client, decided, onOpenRun };
}

const card = (name: RegExp) => screen.findByRole('article', { name });

describe('the inbox of approvals', () => {
  it('says what is to be decided, what it is about, who started it and until when', async () => {
    show();
    expect(await card(/fattura/)).toHaveTextContent(
      'Conferma prima dell’invio · Contratto Rossi · chiesto oggi, 08:20',
    );
    expect(await card(/fattura/)).toHaveTextContent('scade domani, 10:30');
    expect(await card(/licenze/)).toHaveTextContent('avviato da Marco Gallo');
    expect(await card(/licenze/)).toHaveTextContent('scade il 05/12/2026, 10:30');
    expect(await card(/licenze/)).toHaveTextContent(
      'Approvazioni: 1 su 2 · approvato da Paolo Conte, oggi, 09:50',
    );
    expect(screen.getByRole('heading', { name: 'Da decidere (2)' })).toBeVisible();
  });

  it('says the same in English', async () => {
    show(undefined, { locale: 'en' });
    expect(await card(/fattura/)).toHaveTextContent('expires tomorrow, 10:30');
    expect(await card(/licenze/)).toHaveTextContent(
      'Approvals: 1 of 2 · approved by Paolo Conte, today, 09:50',
    );
  });

  it('calls people by their names, and roles by what they mean', async () => {
    const asked = { canDecide: false, approvers: ['u_1', 'role:admin'], startedBy: 'u_1' };
    const { user } = show([sampleApproval(now.getTime(), asked)]);
    await user.click(await screen.findByRole('radio', { name: 'Tutte' }));
    expect(await card(/fattura/)).toHaveTextContent('avviato da Laura Bianchi');
    expect(await card(/fattura/)).toHaveTextContent('Tocca a: Laura Bianchi e un amministratore.');
    expect(screen.queryByRole('button', { name: 'Approva' })).toBeNull();
  });

  it('shows what is asked of others only when it is wanted', async () => {
    const { user } = show();
    await card(/fattura/);
    expect(screen.queryByRole('article', { name: /Archiviare/ })).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Tutte' }));
    expect(await card(/Archiviare/)).toBeVisible();
  });

  it.each([
    ['Approva', 'approved', 'Hai approvato'],
    ['Rifiuta', 'rejected', 'Hai rifiutato'],
  ])('%s by keyboard alone, with a comment, is sent once and said aloud', async (button, decision, said) => {
    const { user, decided } = show();
    const within1 = within(await card(/fattura/));
    within1.getByRole('textbox').focus();
    await user.keyboard('  Va bene così ');
    await user.tab();
    if (button === 'Rifiuta') await user.tab();
    expect(within1.getByRole('button', { name: button })).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('article', { name: /fattura/ })).toBeNull());
    expect(decided).toEqual([['ap_1', { decision, comment: 'Va bene così' }]]);
    expect(screen.getByText(new RegExp(`^${said} «Inviare la fattura`))).toHaveAttribute('role', 'status');
    expect(screen.getByRole('heading', { name: /Da decidere/ })).toHaveFocus();
  });

  it('says who was quicker, and keeps what was typed', async () => {
    const { user, client } = show();
    const details = {
      approval: { status: 'rejected', decidedBy: 'u_1', decidedAt: '2026-11-23T09:12:00Z' },
    };
    client.decideApproval = async () => {
      throw new WorkflowError('already_decided', 'u_1 rejected it', { details });
    };
    const form = within(await card(/fattura/));
    await user.type(form.getByRole('textbox'), 'Per me sì');
    await user.click(form.getByRole('button', { name: 'Approva' }));
    const alert = await form.findByRole('alert');
    expect(alert).toHaveTextContent('La decisione non è stata registrata');
    expect(alert).toHaveTextContent('Laura Bianchi');
    expect(alert).toHaveTextContent('oggi, 10:12');
    expect(form.getByRole('textbox')).toHaveValue('Per me sì');
  });

  it('lists what is over below, with the decision, who made it and why', async () => {
    const { user, onOpenRun } = show();
    await card(/fattura/);
    const items = screen.getAllByRole('listitem').filter((item) => !within(item).queryByRole('article'));
    expect(items.map((item) => item.textContent)).toEqual([
      expect.stringContaining('Rifiutata · Inviare «Offerta Sala» al cliente?Laura Bianchi, ieri, 10:30'),
      expect.stringContaining(
        'Approvata · Inviare «Contratto Neri» al cliente?Paolo Conte, 20/11/2026, 10:30',
      ),
      expect.stringContaining('Scaduta · Rinnovare l’abbonamento?18/11/2026, 10:30'),
    ]);
    expect(items[0]).toHaveTextContent('Manca l’allegato con i prezzi aggiornati.');
    await user.click(within(items[0] as HTMLElement).getByRole('button', { name: /Apri l’esecuzione/ }));
    expect(onOpenRun).toHaveBeenCalledWith('019ab3c2-7d10-7000-8000-000000000011');
  });

  it('says that there is nothing to decide', async () => {
    show([]);
    expect(await screen.findByRole('heading', { name: 'Niente da decidere' })).toBeVisible();
  });

  it('says that it could not be loaded, and loads again when asked', async () => {
    const view = show();
    const list = view.client.listApprovals;
    view.client.listApprovals = async () => {
      throw new WorkflowError('unavailable', 'away');
    };
    await card(/fattura/);
    await view.user.click(screen.getByRole('radio', { name: 'Tutte' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Non è stato possibile caricare le approvazioni',
    );
    view.client.listApprovals = list;
    await view.user.click(screen.getByRole('button', { name: 'Riprova' }));
    expect(await card(/fattura/)).toBeVisible();
  });
});
