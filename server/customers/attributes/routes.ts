import { implement } from '../../platform/http/implement.ts'
import { changeAttribute, defineAttribute, deleteAttribute } from './commands/attributes.ts'
import { createTag, deleteTag, renameTag } from './commands/tag-list.ts'
import * as contract from './contract/attributes.ts'
import { attributeList, tagList, usesOf } from './queries/lists.ts'

export const routes = [
  implement(contract.listAttributes, (ctx, { query }) => attributeList(ctx, query.record)),
  implement(contract.createAttribute, async (ctx, { body }) => ({ id: await defineAttribute(ctx, body) })),
  implement(contract.updateAttribute, async (ctx, { params, body }) => {
    await changeAttribute(ctx, params.id, body)
    return undefined
  }),
  implement(contract.attributeUses, (ctx, { params }) => usesOf(ctx, params.id)),
  implement(contract.deleteAttribute, async (ctx, { params }) => {
    await deleteAttribute(ctx, params.id)
    return undefined
  }),
  implement(contract.listTags, ctx => tagList(ctx)),
  implement(contract.createTag, async (ctx, { body }) => ({ id: await createTag(ctx, body.name) })),
  implement(contract.updateTag, async (ctx, { params, body }) => {
    await renameTag(ctx, params.id, body.name)
    return undefined
  }),
  implement(contract.deleteTag, async (ctx, { params }) => {
    await deleteTag(ctx, params.id)
    return undefined
  }),
]
