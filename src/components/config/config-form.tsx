import { useRef } from 'react';
import type * as z from 'zod';
import { describeForm, type Issue, type Json } from '../../core';
import { initialConfig } from '../builder/edit-operations';
import { issueText } from '../shared/issue-text';
import { useTexts, useTrama } from '../shared/provider';
import { Button, ErrorState } from '../shared/ui';
import { useConfig } from './config-context';
import { FailureSettings } from './failure-settings';
import { FieldControl } from './fields/field-control';
import { NestedControlProvider } from './fields/nested-control';
import { FieldList } from './fields/object-field';
import { InboundAddress } from './inbound-address';
import { configMessages } from './messages';
import { StepExtras } from './step-extras';
import { TriggerChoice } from './trigger-choice';
import type { useNodeForm } from './use-node-form';

export interface ConfigFormProps {
  nodeForm: ReturnType<typeof useNodeForm>;
  isTrigger: boolean;
  onConnect: ((providerId: string) => void) | undefined;
}

/** The form of a step, read off its block's zod input. */
export function ConfigForm({ nodeForm, isTrigger, onConnect }: ConfigFormProps) {
  const { blocks } = useTrama();
  const t = useTexts(configMessages);
  const { readOnly } = useConfig();
  const { set, values, issues } = nodeForm;
  const kept = useRef(new Map<string, Record<string, Json>>());
  const block = blocks.get(values.type);
  const fields = block ? describeForm(block.input as z.ZodObject) : [];
  const chooseTrigger = (type: string) => {
    const chosen = blocks.get(type);
    kept.current.set(values.type, values.config);
    set('type', type);
    set(
      'config',
      kept.current.get(type) ?? (chosen ? initialConfig(describeForm(chosen.input as z.ZodObject)) : {}),
    );
  };
  const hasAddress = block?.kind === 'trigger' && block.hasAddress === true;
  const canFail = block?.kind === 'action' && block.sideEffect !== 'none';
  return (
    <>
      <Banners issues={issues.filter((issue) => !hasAddress || !isSaidThere(issue))} onConnect={onConnect} />
      {isTrigger && <TriggerChoice type={values.type} readOnly={readOnly} onChange={chooseTrigger} />}
      {hasAddress && <InboundAddress />}
      {!block && (
        <ErrorState title={t('canvas.unknownBlock')}>
          {t('config.unknownBlock', { type: values.type })}
        </ErrorState>
      )}
      {block && fields.length === 0 && <p className="trama-muted">{t('config.noFields')}</p>}
      <NestedControlProvider value={FieldControl}>
        <FieldList
          key={values.type}
          fields={fields}
          path=""
          value={values.config}
          onChange={(config) => set('config', config)}
        />
      </NestedControlProvider>
      {canFail && (
        <FailureSettings
          retry={values.retry}
          onError={values.onError}
          readOnly={readOnly}
          onRetry={(retry) => set('retry', retry)}
          onOnError={(onError) => set('onError', onError)}
        />
      )}
      <StepExtras
        isTrigger={isTrigger}
        isEnabled={values.isEnabled}
        note={values.note}
        readOnly={readOnly}
        onEnabled={(isEnabled) => set('isEnabled', isEnabled)}
        onNote={(note) => set('note', note)}
      />
    </>
  );
}

/** The address says more about why there is none. */
const isSaidThere = ({ code }: Issue) => code === 'provider_not_configured';

/** What is wrong with the step as a whole, and with keys that have no field. */
function Banners({
  issues,
  onConnect,
}: Pick<ConfigFormProps, 'onConnect'> & { issues: ConfigFormProps['nodeForm']['issues'] }) {
  const { naming } = useConfig();
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(configMessages);
  const general = issues.filter((issue) => issue.path === undefined || issue.code === 'field_unknown');
  return general.map((issue) => {
    const node = naming.definition.nodes.find((candidate) => candidate.id === issue.nodeId);
    const provider = providers.get(blocks.get(node?.type ?? '')?.provider ?? '');
    const canConnect = issue.code === 'provider_not_connected' && provider && onConnect;
    return (
      <div key={`${issue.code}:${issue.path}`} className="trama-banner" data-severity={issue.severity}>
        <span>{issueText(issue, naming)}</span>
        {canConnect && (
          <Button onClick={() => onConnect(provider.id)}>
            {t('palette.connectProvider', { provider: provider.label[locale] })}
          </Button>
        )}
      </div>
    );
  });
}
