import { Handle, Position } from '@xyflow/react';
import type { ReactNode } from 'react';
import { handlesOf, labelOf, TRIGGER_ID, type WorkflowNode } from '../../core';
import { eventLabel } from '../runs/wait-words';
import { stepStatusLook } from '../shared/format';
import { Icon } from '../shared/icons';
import type { Naming } from '../shared/reference-label';
import { StatusMark } from '../shared/status-mark';
import { SummaryText } from '../shared/summary-text';
import { IconButton, Pill } from '../shared/ui';
import { useCanvas } from './canvas-context';
import { exitLabel } from './exit-label';

/** What a node says about itself on its card. */
export function useNodeFacts(node: WorkflowNode) {
  const { naming, blocks, providers, selectedId, nodeState, badges, shownConfigs, editing, onNodeClick } =
    useCanvas();
  const block = blocks.get(node.type);
  const state = nodeState?.get(node.id);
  const config = shownConfigs?.get(node.config) ?? node.config;
  const summary = block?.summary?.(config, naming.locale) ?? block?.description[naming.locale] ?? node.type;
  return {
    block,
    provider: block && providers.get(block.provider),
    label: labelOf(node, blocks, naming.locale),
    isTrigger: node.id === TRIGGER_ID,
    isSelected: selectedId === node.id,
    state,
    badge: badges?.get(node.id) ?? state?.badge,
    summary: state?.detail ?? <SummaryText text={withEventLabel(summary, node, naming)} naming={naming} />,
    t: naming.t,
    editing,
    onClick: onNodeClick && (() => onNodeClick(node.id)),
  };
}

/** A block knows an event by its type; people know it by the trigger it starts. */
function withEventLabel(summary: string, { config }: WorkflowNode, naming: Naming): string {
  const { event } = config;
  return typeof event === 'string' && event !== ''
    ? summary.replace(event, eventLabel(event, naming))
    : summary;
}

export type NodeFacts = ReturnType<typeof useNodeFacts>;

/** Mark and word of a run's status, and the badge on the top edge. */
export function NodeMarks({ facts, node }: { facts: NodeFacts; node: WorkflowNode }): ReactNode {
  const { state, badge, t } = facts;
  return (
    <>
      {state && <StatusMark look={stepStatusLook(state.status)} disc />}
      {state && <span className="trama-visually-hidden">{state.label}</span>}
      {node.disabled && (
        <Pill size="small" className="trama-node-badge" tone="neutral">
          {t('canvas.disabled')}
        </Pill>
      )}
      {badge && !node.disabled && (
        <Pill size="small" className="trama-node-badge" tone={badge.tone}>
          {badge.text}
        </Pill>
      )}
    </>
  );
}

/** The "⋯" of a node; its menu is the builder's. */
export function NodeMenuButton({ facts, node }: { facts: NodeFacts; node: WorkflowNode }): ReactNode {
  const { editing, t, label } = facts;
  if (!editing) return null;
  return (
    <IconButton
      className="trama-node-menu nodrag nopan"
      label={t('canvas.menu', { label })}
      aria-haspopup="menu"
      onClick={(event) => editing.onNodeMenu(node.id, event.currentTarget)}
    >
      <Icon name="more" />
    </IconButton>
  );
}

/** Where connections arrive and start. Seen when the pointer is near; without editing they only tell xyflow the ends. */
export function NodeHandles({ node }: { node: WorkflowNode }): ReactNode {
  const { blocks, editing, naming } = useCanvas();
  const block = blocks.get(node.type);
  const body = block?.kind === 'action' ? block.bodyHandle : undefined;
  const handles = handlesOf(node, block);
  const below = handles.filter((handle) => handle !== body);
  const label = labelOf(node, blocks, naming.locale);
  return (
    <>
      <Handle
        type="target"
        id="in"
        position={Position.Top}
        isConnectableStart={false}
        isConnectable={editing !== undefined}
      />
      {handles.map((handle) => (
        <Handle
          key={handle}
          type="source"
          id={handle}
          position={handle === body ? Position.Top : Position.Bottom}
          isConnectableEnd={false}
          isConnectable={editing !== undefined && handle !== body}
          style={
            handle === body
              ? undefined
              : { left: `calc(50% + ${(below.indexOf(handle) - (below.length - 1) / 2) * 56}px)` }
          }
          title={[naming.t('canvas.connectFrom', { label }), exitLabel(node, handle, naming)]
            .filter(Boolean)
            .join(' · ')}
          data-body={handle === body || undefined}
        />
      ))}
    </>
  );
}
