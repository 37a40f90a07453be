import { useId, useState } from 'react';
import type { InboundAddress as Inbound } from '../../core';
import { CopyButton } from '../shared/copy-button';
import { Dialog } from '../shared/dialog';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { Button, ErrorState } from '../shared/ui';
import { useFormats } from '../shared/use-formats';
import { useQuery } from '../shared/use-query';
import { useConfig } from './config-context';
import { inboundMessages } from './inbound-messages';

/** The email address that starts the workflow, to be copied and replaced, and the emails that started nothing. */
export function InboundAddress() {
  const t = useTexts(inboundMessages);
  const { workflowId } = useConfig();
  if (workflowId === undefined) return <p className="trama-muted">{t('inbound.unsaved')}</p>;
  return <AddressOf workflowId={workflowId} />;
}

function AddressOf({ workflowId }: { workflowId: string }) {
  const { client } = useTrama();
  const t = useTexts(inboundMessages);
  const { readOnly } = useConfig();
  const request = { params: { id: workflowId } };
  const [replaced, setReplaced] = useState<Inbound | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const id = useId();
  const { data, error } = useQuery(async () => {
    const known = await client.getInboundAddress(request);
    // The trigger may be chosen and not saved yet.
    const isMissing = known.configured && known.address === null && !readOnly;
    return isMissing ? client.createInboundAddress(request) : known;
  }, [client, workflowId, readOnly]);
  if (error) return <ErrorState title={t('inbound.failed', { reason: problemText(error, t) })} />;
  if (!data) return <p className="trama-muted">{t('inbound.loading')}</p>;
  const { address, configured, refused } = replaced ?? data;
  if (!configured)
    return (
      <p className="trama-banner" data-severity="warning">
        {t('inbound.notConfigured')}
      </p>
    );
  return (
    <div className="trama-field trama-inbound">
      <label htmlFor={id}>{t('inbound.address')}</label>
      <div className="trama-inbound-row">
        <input
          id={id}
          className="trama-field-box trama-code"
          readOnly
          value={address ?? ''}
          aria-describedby={`${id}-hint`}
          onFocus={(event) => event.target.select()}
        />
        {address !== null && <CopyButton label={t('inbound.copy')} text={() => address} />}
        {!readOnly && <Button onClick={() => setIsAsking(true)}>{t('inbound.rotate')}</Button>}
      </div>
      <p id={`${id}-hint`} className="trama-field-hint">
        {t('inbound.hint')}
      </p>
      <p role="status" className="trama-field-hint">
        {replaced && t('inbound.rotated')}
      </p>
      <Refused emails={refused} />
      {isAsking && (
        <RotateDialog
          rotate={async () => setReplaced(await client.rotateInboundAddress(request))}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  );
}

function Refused({ emails }: { emails: Inbound['refused'] }) {
  const t = useTexts(inboundMessages);
  const formats = useFormats();
  if (emails.length === 0) return null;
  return (
    <details className="trama-inbound-refused">
      <summary>{t('inbound.refused')}</summary>
      <ul>
        {emails.map(({ at, from, reason }) => (
          <li key={`${at} ${from}`}>
            <strong>
              {formats.day(at)} · {from}
            </strong>{' '}
            {t(`inbound.reason.${reason}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Asks before the address that people write to stops. */
function RotateDialog({ rotate, onClose }: { rotate: () => Promise<void>; onClose: () => void }) {
  const t = useTexts(inboundMessages);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await rotate();
      onClose();
    } catch (cause) {
      setProblem(problemText(cause, t));
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t('common.cancel')}</Button>
      <Button variant="danger" disabled={isBusy} onClick={() => void confirm()}>
        {t('inbound.rotateDo')}
      </Button>
    </>
  );
  return (
    <Dialog
      role="alertdialog"
      title={t('inbound.rotateTitle')}
      onOpenChange={onClose}
      footer={footer}
      // The step's own dialog, around this one, would take it for its own.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <p>{t('inbound.rotateText')}</p>
      {problem !== null && <ErrorState title={problem} />}
    </Dialog>
  );
}
