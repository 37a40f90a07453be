import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import {
  buildGraph,
  type Issue,
  labelOf,
  listVariables,
  TRIGGER_ID,
  type WorkflowDefinition,
  type WorkflowNode,
} from '../../core';
import { Dialog } from '../shared/dialog';
import { Icon } from '../shared/icons';
import { useTexts, useTrama } from '../shared/provider';
import { Button, IconButton, Tile } from '../shared/ui';
import { ConfigProvider, type ConfigScope, type FindOption, type LoadOptions } from './config-context';
import { ConfigForm } from './config-form';
import { ConfigStatus } from './config-status';
import { configMessages } from './messages';
import { type SampleValues, sampleScope } from './sample-scope';
import { TrialDialog } from './trial/trial-dialog';
import { UnsavedDialog } from './unsaved-dialog';
import { useInsertTarget } from './use-insert-target';
import { useNodeForm } from './use-node-form';
import { VariablePicker } from './variable-picker';

export interface ConfigDialogProps {
  /** The workflow the step belongs to on the server; without it a step cannot be tried. */
  workflowId?: string | undefined;
  definition: WorkflowDefinition;
  node: WorkflowNode;
  /** Only just added: what is still empty is not held against it. */
  isNew: boolean;
  readOnly: boolean;
  validate: (definition: WorkflowDefinition) => Issue[];
  values: SampleValues;
  loadOptions: LoadOptions | undefined;
  findOption?: FindOption | undefined;
  onConnect: ((providerId: string) => void) | undefined;
  onSave: (change: Partial<WorkflowNode>) => void;
  onClose: () => void;
  onCloseAutoFocus?: (event: Event) => void;
}

/** Everything about one step: its fields, the values it can use, what happens when it fails. */
export function ConfigDialog(props: ConfigDialogProps) {
  const { workflowId, definition, node, readOnly, values: samples, onSave, onClose } = props;
  const { loadOptions, findOption } = props;
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(configMessages);
  const nodeForm = useNodeForm(definition, node, props.isNew, props.validate);
  const { values, form, draft, isDirty } = nodeForm;
  const [isAsking, setIsAsking] = useState(false);
  const [isTrying, setIsTrying] = useState(false);
  const [isPickerUp, setIsPickerUp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const { register, activate, current } = useInsertTarget();
  const block = blocks.get(values.type);
  const provider = block && providers.get(block.provider);
  const canTry = workflowId !== undefined && !readOnly && block?.kind === 'action';
  const hasPicker = !readOnly && node.id !== TRIGGER_ID;
  const label = values.label.trim() || (block?.label[locale] ?? labelOf(node, blocks, locale));

  const openPicker = useCallback(() => {
    setIsPickerUp(true);
    // On a narrow screen the picker is only shown now.
    setTimeout(() => search.current?.focus());
  }, []);
  const { issuesAt, onTouch } = nodeForm;
  const scope = useMemo<ConfigScope>(() => {
    const graph = buildGraph(draft, blocks);
    const resolved = sampleScope(draft, node.id, graph, blocks, samples);
    return {
      naming: { definition: draft, blocks, locale, t },
      provider: blocks.get(values.type)?.provider ?? '',
      groups: listVariables(draft, node.id, blocks, samples),
      scope: resolved,
      readOnly,
      canRefer: node.id !== TRIGGER_ID,
      ...{ workflowId, loadOptions, findOption },
      ...{ issuesAt, onTouch, register, activate, openPicker },
    };
  }, [
    draft,
    blocks,
    locale,
    t,
    node.id,
    values.type,
    samples,
    readOnly,
    workflowId,
    loadOptions,
    findOption,
    issuesAt,
    onTouch,
    register,
    activate,
    openPicker,
  ]);

  const requestClose = () => {
    if (isDirty && !readOnly) setIsAsking(true);
    else onClose();
  };
  const save = () => {
    onSave(nodeForm.change);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // What is pressed in a dialog on top of this one is heard here too.
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || readOnly || isTrying) return;
    event.preventDefault();
    save();
  };
  const insert = (reference: string) => {
    current()?.insert(reference);
    setIsPickerUp(false);
  };
  const footer = (
    <>
      <ConfigStatus issues={nodeForm.issues} />
      <span className="trama-grow" />
      {hasPicker && (
        <IconButton
          variant="default"
          className="trama-picker-open"
          label={t('picker.open')}
          onClick={openPicker}
        >
          <Icon name="braces" />
        </IconButton>
      )}
      <Button onClick={requestClose}>{t(readOnly ? 'common.close' : 'common.cancel')}</Button>
      {!readOnly && (
        <Button variant="primary" onClick={save}>
          {t('common.save')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog
      title={label}
      heading={
        <input
          className="trama-config-name"
          aria-label={t('config.name')}
          maxLength={120}
          readOnly={readOnly}
          placeholder={block?.label[locale] ?? node.id}
          {...form.register('label')}
        />
      }
      subtitle={block ? `${provider?.label[locale] ?? block.provider} · ${block.label[locale]}` : values.type}
      tile={<Tile provider={provider} icon={block?.icon} />}
      headActions={
        canTry && (
          <Button className="trama-config-trial" onClick={() => setIsTrying(true)}>
            {t('config.trial')}
          </Button>
        )
      }
      className="trama-config"
      bare
      footer={footer}
      onOpenChange={requestClose}
      onKeyDown={onKeyDown}
      onOpenAutoFocus={(event) => focusFirst(event, body.current)}
      {...(props.onCloseAutoFocus ? { onCloseAutoFocus: props.onCloseAutoFocus } : {})}
    >
      <ConfigProvider value={scope}>
        <div className="trama-config-main" data-picker={isPickerUp || undefined}>
          <div className="trama-config-form" ref={body}>
            <ConfigForm nodeForm={nodeForm} isTrigger={node.id === TRIGGER_ID} onConnect={props.onConnect} />
          </div>
          {hasPicker && (
            <VariablePicker
              search={search}
              isFromRun={Object.keys(samples).length > 0}
              onInsert={insert}
              onLeave={() => {
                setIsPickerUp(false);
                current()?.focus();
              }}
            />
          )}
        </div>
        {isTrying && canTry && (
          <TrialDialog
            workflowId={workflowId}
            definition={nodeForm.current}
            nodeId={node.id}
            block={block}
            issues={nodeForm.issues}
            values={samples}
            onClose={() => setIsTrying(false)}
          />
        )}
      </ConfigProvider>
      {isAsking && (
        <UnsavedDialog label={label} onDiscard={onClose} onSave={save} onStay={() => setIsAsking(false)} />
      )}
    </Dialog>
  );
}

/** The first field of the form, not the close button; of a choice, what is chosen. */
function focusFirst(event: Event, body: HTMLElement | null): void {
  const first = body?.querySelector<HTMLElement>(
    '[role="textbox"], input:not([type="radio"]), input:checked, select, textarea, [role="switch"]',
  );
  if (!first) return;
  event.preventDefault();
  first.focus();
}
