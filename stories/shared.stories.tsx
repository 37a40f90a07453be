import type { Meta, StoryObj } from '@storybook/react-vite';
import type { ReactNode } from 'react';
import { docManager } from '../src/blocks/doc-manager/provider';
import { flow } from '../src/blocks/flow/provider';
import { slack } from '../src/blocks/slack/provider';
import { FailureBox } from '../src/components/runs/failure-box';
import { JsonTree } from '../src/components/runs/json-tree';
import { RunStatusPill } from '../src/components/runs/run-list-item';
import { Dialog } from '../src/components/shared/dialog';
import { stepStatusLook } from '../src/components/shared/format';
import { StatusMark } from '../src/components/shared/status-mark';
import {
  Button,
  EmptyState,
  ErrorState,
  IconButton,
  Pill,
  Skeleton,
  Tile,
} from '../src/components/shared/ui';
import { runStatuses, stepStatuses } from '../src/core';
import { documentPayload } from './support/sample-build';

const Sheet = ({ children }: { children: ReactNode }) => (
  <div
    className="trama-surface"
    style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'center', padding: 24 }}
  >
    {children}
  </div>
);

const meta = { title: 'Shared/Parts', component: Sheet } satisfies Meta<typeof Sheet>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Buttons: Story = {
  args: {
    children: (
      <>
        <Button variant="primary">Pubblica</Button>
        <Button>Salva</Button>
        <Button icon="▶">Esegui</Button>
        <Button variant="ghost">Annulla</Button>
        <Button variant="danger">Elimina</Button>
        <Button variant="primary" disabled>
          Pubblica
        </Button>
        <IconButton label="Chiudi">✕</IconButton>
      </>
    ),
  },
};

export const Pills: Story = {
  args: {
    children: (
      <>
        <Pill>Bozza</Pill>
        <Pill tone="ok" dot>
          Pubblicato
        </Pill>
        <Pill tone="warn" dot>
          Da collegare
        </Pill>
        <Pill tone="bad" dot size="small">
          2 errori
        </Pill>
        {runStatuses.map((status) => (
          <RunStatusPill key={status} run={{ status, cancelRequested: false }} />
        ))}
        <RunStatusPill run={{ status: 'running', cancelRequested: true }} />
      </>
    ),
  },
};

export const StatusMarks: Story = {
  args: {
    children: stepStatuses.map((status) => <StatusMark key={status} look={stepStatusLook(status)} disc />),
  },
};

export const Tiles: Story = {
  args: {
    children: (
      <>
        <Tile provider={flow} />
        <Tile provider={docManager} />
        <Tile provider={slack} />
        <Tile provider={undefined} />
        <Tile provider={docManager} icon="⚑" size={40} />
        <Tile provider={slack} size={40} />
      </>
    ),
  },
};

export const Empty: Story = {
  args: {
    children: (
      <EmptyState title="Ancora nessuna esecuzione" actions={<Button>Esegui ora</Button>}>
        Qui compare un’esecuzione ogni volta che il flusso parte.
      </EmptyState>
    ),
  },
};

export const ErrorWithAWayOut: Story = {
  args: {
    children: (
      <ErrorState title="Non è stato possibile caricare le esecuzioni" actions={<Button>Riprova</Button>}>
        Il server non risponde.
      </ErrorState>
    ),
  },
};

export const Skeletons: Story = {
  args: {
    children: (
      <div style={{ display: 'grid', gap: 10, width: 260 }}>
        <Skeleton width="60%" />
        <Skeleton />
        <Skeleton height="40px" />
      </div>
    ),
  },
};

const explanation = {
  title: 'Slack non risponde',
  text: '3 tentativi, nessuno riuscito. Slack ha respinto la chiamata con stato 503.',
  who: 'nessuno qui. È un guasto di Slack.',
};

export const FailureBoxes: Story = {
  args: {
    children: (
      <>
        <FailureBox tone="bad" explanation={explanation} />
        <FailureBox tone="wait" explanation={explanation} />
        <FailureBox tone="warn" explanation={explanation} />
      </>
    ),
  },
};

export const JsonValue: Story = {
  args: {
    children: (
      <div style={{ width: 380 }}>
        <JsonTree
          value={{
            ...(documentPayload('doc_7', 'Contratto Rossi', 1200) as object),
            note: null,
            urgente: false,
            allegati: [],
            testo: 'Il contratto è firmato. '.repeat(40),
            righe: Array.from({ length: 80 }, (_, index) => index),
          }}
        />
      </div>
    ),
  },
};

export const DialogOpen: Story = {
  args: {
    children: (
      <Dialog
        title="Scollegare Slack?"
        tile={<Tile provider={slack} />}
        onOpenChange={() => {}}
        footer={
          <>
            <Button>Annulla</Button>
            <Button variant="danger">Scollega</Button>
          </>
        }
      >
        <p>Le esecuzioni che usano Slack attenderanno finché qualcuno non lo ricollega.</p>
      </Dialog>
    ),
  },
};
