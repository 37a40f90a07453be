import { type ComponentType, forwardRef } from 'react';
import type { Issue, Run, Workflow, WorkflowDefinition } from '../core';
import type { WorkflowBuilderHandle } from './builder/builder-handle';
import { BuilderSkeleton } from './builder/builder-skeleton';
import { LoadedBuilder } from './builder/loaded-builder';
import { builderMessages } from './builder/messages';
import type { ToolbarProps } from './builder/toolbar';
import type { Draft } from './builder/use-draft';
import { useTexts } from './shared/provider';
import { Button, ErrorState } from './shared/ui';
import { useWorkflow } from './use-workflow';

export interface WorkflowBuilderProps {
  workflowId: string;
  /** @default 'edit' */
  mode?: 'edit' | 'view';
  /** Saves the draft after a pause; `false` leaves saving to the handle. @default { delayMs: 1500 } */
  autosave?: { delayMs: number } | false;
  onSave?: (workflow: Workflow) => void;
  onPublish?: (workflow: Workflow) => void;
  /** Someone else saved the draft in the meantime. The builder asks the person which of the two goes on. */
  onConflict?: (conflict: { mine: WorkflowDefinition; theirs: Draft }) => void;
  onIssuesChange?: (issues: readonly Issue[]) => void;
  onRunStarted?: (run: Run) => void;
  /** Shows a run; without it the dialog after "Run now" only tells how it went. */
  onOpenRun?: (run: Run) => void;
  components?: BuilderComponents;
}

/** Parts a host may replace; `null` leaves a part out. */
export interface BuilderComponents {
  Toolbar?: ComponentType<ToolbarProps> | null;
  /** Stands in the toolbar before the name: the way back to the host's list. */
  ToolbarStart?: ComponentType;
}

/** The whole builder of one workflow: loads it, saves its draft, publishes and runs it. Fills its parent, which must have a height. */
export const WorkflowBuilder = forwardRef<WorkflowBuilderHandle, WorkflowBuilderProps>(
  function WorkflowBuilder(props, ref) {
    const t = useTexts(builderMessages);
    const { workflow, error, isLoading, reload } = useWorkflow(props.workflowId);
    if (workflow) return <LoadedBuilder key={workflow.id} {...props} handle={ref} workflow={workflow} />;
    if (error && !isLoading) {
      return (
        <div className="trama-surface trama-builder trama-builder-failed">
          <ErrorState
            title={t('builder.loadFailed')}
            actions={<Button onClick={reload}>{t('common.retry')}</Button>}
          >
            {error.message}
          </ErrorState>
        </div>
      );
    }
    return <BuilderSkeleton />;
  },
);
