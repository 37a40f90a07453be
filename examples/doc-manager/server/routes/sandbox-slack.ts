import { Router } from 'express';
import type { FakeSlack, FakeSlackMessage } from 'trama/testing';
import type { SlackMessageView, SlackView } from '../../shared/types';
import type { Sessions } from '../people';
import { teamIdOf } from '../sandbox-slack';

/** What the page "Sandbox Slack" shows: the fake's channels and messages, and each new message as it arrives. */
export function sandboxSlackRoutes(slack: FakeSlack, sessions: Sessions): Router {
  return Router()
    .get('/sandbox-slack', (req, res) => {
      const view: SlackView = {
        teams: [...slack.teams],
        ownTeamId: teamIdOf(sessions.requireUser(req).companyId),
        channels: slack.channels
          .filter(({ isArchived }) => !isArchived)
          .map(({ id, teamId, name, isPrivate }) => ({ id, teamId, name, isPrivate })),
        messages: slack.messages.map(viewOf),
      };
      res.json(view);
    })
    .get('/sandbox-slack/events', (req, res) => {
      sessions.requireUser(req);
      res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
      const stop = slack.onMessage((message) => res.write(`data: ${JSON.stringify(viewOf(message))}\n\n`));
      res.on('close', stop);
    });
}

const viewOf = ({ teamId, channelId, ts, text }: FakeSlackMessage): SlackMessageView => ({
  teamId,
  channelId,
  ts,
  text,
});
