import type { RawContract } from '../../../platform/http/contract.ts'
import type { RawImplementation } from '../../../platform/http/raw.ts'
import { acceptRequest, admitHead } from '../commands/accept.ts'
import {
  aliasUser,
  groupUser,
  identifyUser,
  sendBatch,
  trackEvent,
  viewPage,
  viewScreen,
} from '../contract/endpoints.ts'
import type { MessageType } from '../message.ts'

function endpoint(contract: RawContract, type: MessageType | undefined): RawImplementation {
  return {
    contract,
    admit: admitHead,
    handle: (installation, request) => acceptRequest(installation, request, type),
  }
}

export const endpoints: readonly RawImplementation[] = [
  endpoint(trackEvent, 'track'),
  endpoint(identifyUser, 'identify'),
  endpoint(groupUser, 'group'),
  endpoint(viewPage, 'page'),
  endpoint(viewScreen, 'screen'),
  endpoint(aliasUser, 'alias'),
  endpoint(sendBatch, undefined),
]
