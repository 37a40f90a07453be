import './zod-setup';

export { AdminOverview, type AdminOverviewProps } from './components/admin/admin-overview';
export { type OverviewQuery, useOverview } from './components/admin/use-overview';
export { ApprovalInbox, type ApprovalInboxProps } from './components/approvals/approval-inbox';
export { type Approvals, type ApprovalsQuery, useApprovals } from './components/approvals/use-approvals';
export type { WorkflowBuilderHandle } from './components/builder/builder-handle';
export type { EditEvent } from './components/builder/edit-operations';
export type { ToolbarProps } from './components/builder/toolbar';
export type { FindOption, LoadOptions } from './components/config/config-context';
export type { SampleValues } from './components/config/sample-scope';
export {
  IntegrationsSettings,
  type IntegrationsSettingsProps,
} from './components/integrations/integrations-settings';
export { type Integrations, useIntegrations } from './components/integrations/use-integrations';
export { RunHistory, type RunHistoryProps } from './components/runs/run-history';
export { RunViewer, type RunViewerProps } from './components/runs/run-viewer';
export { type RunQuery, useRun } from './components/runs/use-run';
export { type Runs, type RunsQuery, useRuns } from './components/runs/use-runs';
export { type MessageKey, type Messages, messages } from './components/shared/messages';
export { WorkflowProvider, type WorkflowProviderProps } from './components/shared/provider';
export type { Locale } from './components/shared/translate';
export { type IssuesOptions, useIssues } from './components/use-issues';
export { useWorkflow, type WorkflowQuery } from './components/use-workflow';
export type { BuilderComponents, WorkflowBuilderProps } from './components/workflow-builder';
export { WorkflowBuilder } from './components/workflow-builder';
export { WorkflowEditor, type WorkflowEditorProps } from './components/workflow-editor';
export type { Overview, Trace } from './core/api/admin-shapes';
export { type ClientOptions, createWorkflowClient, type WorkflowClient } from './core/api/client';
export type { Approval, Integration, Run, RunDetail, Step, Workflow } from './core/api/shapes';
export type { Issue } from './core/definition/issues';
export type { WorkflowDefinition, WorkflowEdge, WorkflowNode } from './core/definition/schema';
