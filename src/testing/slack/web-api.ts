import { describeConversation, listConversations } from './conversations';
import { completeUpload, openUpload } from './files';
import { postMessage, updateMessage } from './messages';
import { botUserOf, type Method, type MethodCall, type SlackResult } from './method';

/** The Web API methods the fake knows, by name. */
export const methods: Record<string, Method> = {
  'auth.test': { scopes: [], run: testAuth },
  'auth.revoke': { scopes: [], run: revokeAuth },
  'conversations.list': { scopes: ['channels:read', 'groups:read'], run: listConversations },
  'conversations.info': { scopes: ['channels:read', 'groups:read'], run: describeConversation },
  'chat.postMessage': { scopes: ['chat:write'], run: postMessage },
  'chat.update': { scopes: ['chat:write'], run: updateMessage },
  'files.getUploadURLExternal': { scopes: ['files:write'], run: openUpload },
  'files.completeUploadExternal': { scopes: ['files:write'], run: completeUpload },
};

function testAuth({ record, state }: MethodCall): SlackResult {
  const team = state.team(record.teamId);
  return {
    ok: true,
    url: `https://${record.teamId.toLowerCase()}.slack.example/`,
    team: team?.name ?? record.teamId,
    user: 'trama',
    team_id: record.teamId,
    user_id: botUserOf(record.teamId),
    bot_id: `B${record.teamId}`,
    is_enterprise_install: team?.isEnterprise ?? false,
  };
}

function revokeAuth({ args, token, state }: MethodCall): SlackResult {
  if (args.test === 'true' || args.test === '1') return { ok: true, revoked: false };
  state.revokeToken(token);
  return { ok: true, revoked: true };
}
