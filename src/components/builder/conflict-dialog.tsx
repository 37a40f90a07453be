import { labelOf, type WorkflowDefinition, type WorkflowNode } from '../../core';
import { Dialog } from '../shared/dialog';
import { useTexts, useTrama } from '../shared/provider';
import { Button } from '../shared/ui';
import { dialogMessages } from './dialog-messages';
import type { Draft } from './use-draft';

export interface ConflictDialogProps {
  mine: WorkflowDefinition;
  theirs: Draft;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onLater: () => void;
}

/** Two drafts of one workflow: what differs, and which one goes on. */
export function ConflictDialog({ mine, theirs, onKeepMine, onTakeTheirs, onLater }: ConflictDialogProps) {
  const t = useTexts(dialogMessages);
  return (
    <Dialog
      role="alertdialog"
      title={t('conflict.title')}
      className="trama-conflict"
      onOpenChange={onLater}
      footer={
        <>
          <Button variant="ghost" onClick={onLater}>
            {t('conflict.later')}
          </Button>
          <span className="trama-grow" />
          <Button onClick={onTakeTheirs}>{t('conflict.takeTheirs')}</Button>
          <Button variant="primary" onClick={onKeepMine}>
            {t('conflict.keepMine')}
          </Button>
        </>
      }
    >
      <p>{t('conflict.text')}</p>
      <div className="trama-conflict-sides">
        <Side title={t('conflict.mine')} definition={mine} other={theirs.definition} />
        <Side title={t('conflict.theirs')} definition={theirs.definition} other={mine} />
      </div>
    </Dialog>
  );
}

function Side(props: { title: string; definition: WorkflowDefinition; other: WorkflowDefinition }) {
  const { title, definition, other } = props;
  const { blocks, locale } = useTrama();
  const t = useTexts(dialogMessages);
  const twin = (node: WorkflowNode) => other.nodes.find((candidate) => candidate.id === node.id);
  const names = (nodes: WorkflowNode[]) => nodes.map((node) => labelOf(node, blocks, locale)).join(', ');
  const added = definition.nodes.filter((node) => !twin(node));
  const changed = definition.nodes.filter((node) => {
    const counterpart = twin(node);
    return counterpart && JSON.stringify(counterpart) !== JSON.stringify(node);
  });
  return (
    <section className="trama-conflict-side">
      <h3>{title}</h3>
      <p className="trama-muted">{t('conflict.steps', { count: definition.nodes.length })}</p>
      {added.length > 0 && <p>{t('conflict.onlyHere', { labels: names(added) })}</p>}
      {changed.length > 0 && <p>{t('conflict.changed', { labels: names(changed) })}</p>}
      {JSON.stringify(definition) === JSON.stringify(other) && <p>{t('conflict.same')}</p>}
    </section>
  );
}
