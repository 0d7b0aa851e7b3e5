import type { Words } from '../errors/words.ts'
import { escapeHtml } from '../html/escape.ts'

/** The mails that the product sends by itself, with what each needs to be written. */
export type SystemMail =
  | { kind: 'verify_email'; name: string; company: string; token: string }
  | { kind: 'account_exists'; name: string; company: string }
  | { kind: 'reset_password'; name: string; token: string }
  | { kind: 'password_changed'; name: string }
  | { kind: 'invitation'; company: string; inviter: string; token: string; days: number }
  | { kind: 'notice'; name: string; notice: MailedNotice }
  | { kind: 'notice_digest'; name: string; notices: readonly MailedNotice[] }
  | {
      kind: 'weekly_report'
      name: string
      week: string
      /** Customers in the band of the report, or those with the highest scores. */
      about: 'band' | 'top'
      notices: readonly MailedNotice[]
      others: number
    }
  | { kind: 'welcome'; company: string; subject: string; text: string }
  | { kind: 'onboarding_code'; company: string; code: string; minutes: number }

/** What a colleague is told. */
export interface MailedNotice {
  title: Words
  text: Words
  /** Path of the page that it is about. */
  link: string
}

export interface MailContent {
  subject: string
  text: string
  html: string
}

interface Parts {
  subject: Words
  /** Paragraphs before the link. */
  before: Words[]
  link?: { label: Words; path: string }
  /** Between the link and what comes after it. */
  sections?: readonly MailedNotice[]
  /** Paragraphs after the link. */
  after: Words[]
  /** Who writes; without it the product. */
  signature?: string
}

/** Writes a mail in the receiver's language, as plain text and as HTML with every inserted value escaped. */
export function renderMail(mail: SystemMail, locale: keyof Words, address: string): MailContent {
  const parts = partsOf(mail)
  const url = parts.link ? `${address}${parts.link.path}` : undefined
  const before = parts.before.map(words => words[locale])
  const after = parts.after.map(words => words[locale])
  const productSignature = {
    ja: 'このメールはKizunaから自動で送信しています。',
    en: 'This message was sent automatically by Kizuna.',
  }[locale]
  const signature = parts.signature === undefined ? [productSignature, address] : [parts.signature]
  const sections = (parts.sections ?? []).map(({ title, text, link }) => ({
    title: title[locale],
    text: text[locale],
    url: `${address}${link}`,
  }))
  const listed = sections.map(section => `■ ${section.title}\n${section.text}\n${section.url}`)
  const text = [...before, ...(url ? [url] : []), ...listed, ...after, `--\n${signature.join('\n')}`].join('\n\n')
  const paragraphs = [
    ...before.map(paragraph),
    ...(url && parts.link ? [button(parts.link.label[locale], url)] : []),
    ...sections.map(section => listedNotice(section)),
    ...after.map(paragraph),
    `<p style="color:#626873;font-size:12px">${signature.map(escapeHtml).join('<br>')}</p>`,
  ]
  const html = `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(parts.subject[locale])}</title></head><body style="margin:0;background:#f7f7f8"><div style="max-width:560px;margin:0 auto;padding:32px 24px;background:#ffffff;color:#1a1c21;font:15px/1.7 -apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP',sans-serif">${paragraphs.join('')}</div></body></html>`
  return { subject: parts.subject[locale], text, html }
}

function partsOf(mail: SystemMail): Parts {
  switch (mail.kind) {
    case 'verify_email':
      return {
        subject: { ja: 'メールアドレスの確認', en: 'Confirm your e-mail address' },
        before: [
          greeting(mail.name),
          {
            ja: `${mail.company}のアカウントを作成しました。次のリンクを開くと、メールアドレスの確認が完了し、サインインできるようになります。`,
            en: `The account of ${mail.company} is ready. Open this link to confirm your e-mail address; after that you can sign in.`,
          },
        ],
        link: {
          label: { ja: 'メールアドレスを確認する', en: 'Confirm e-mail address' },
          path: `/verify#${mail.token}`,
        },
        after: [
          {
            ja: 'リンクは24時間有効です。お心当たりがない場合は、このメールを破棄してください。',
            en: 'The link works for 24 hours. If you did not sign up, ignore this message.',
          },
        ],
      }
    case 'account_exists':
      return {
        subject: { ja: 'すでにアカウントをお持ちです', en: 'You already have an account' },
        before: [
          greeting(mail.name),
          {
            ja: `このメールアドレスで${mail.company}の新規登録がありましたが、すでにアカウントがあるため、新しくは作成していません。お持ちのパスワードでサインインしてください。`,
            en: `Somebody signed up ${mail.company} with this e-mail address. It already has an account, so nothing new was made. Sign in with your password.`,
          },
        ],
        link: { label: { ja: 'サインインする', en: 'Sign in' }, path: '/sign-in' },
        after: [
          {
            ja: 'パスワードをお忘れの場合は、サインイン画面から再設定できます。お心当たりがない場合は、対応は不要です。',
            en: 'If you forgot your password, set a new one from the sign-in page. If this was not you, there is nothing to do.',
          },
        ],
      }
    case 'reset_password':
      return {
        subject: { ja: 'パスワードの再設定', en: 'Set a new password' },
        before: [
          greeting(mail.name),
          {
            ja: 'パスワード再設定の依頼を受け付けました。次のリンクから新しいパスワードを設定してください。',
            en: 'You asked to set a new password. Use this link to choose one.',
          },
        ],
        link: {
          label: { ja: '新しいパスワードを設定する', en: 'Choose a new password' },
          path: `/reset#${mail.token}`,
        },
        after: [
          {
            ja: 'リンクは1時間、1回限り有効です。依頼していない場合は、このメールを破棄してください。パスワードは変わりません。',
            en: 'The link works once, for one hour. If you did not ask for it, ignore this message; your password stays as it is.',
          },
        ],
      }
    case 'password_changed':
      return {
        subject: { ja: 'パスワードが変更されました', en: 'Your password was changed' },
        before: [
          greeting(mail.name),
          {
            ja: 'パスワードが変更され、ほかの端末からはサインアウトしました。ご自身の操作であれば、対応は不要です。',
            en: 'Your password was changed and your other devices were signed out. If that was you, there is nothing to do.',
          },
        ],
        link: { label: { ja: '心当たりがない場合は再設定する', en: 'Not you? Set a new password' }, path: '/reset' },
        after: [],
      }
    case 'invitation':
      return {
        subject: { ja: `${mail.company}への招待`, en: `Invitation to ${mail.company}` },
        before: [
          {
            ja: `${mail.inviter}さんから、${mail.company}のKizunaに招待されました。次のリンクから参加してください。`,
            en: `${mail.inviter} invites you to join ${mail.company} on Kizuna. Use this link to join.`,
          },
        ],
        link: { label: { ja: '招待を受ける', en: 'Accept the invitation' }, path: `/invitation#${mail.token}` },
        after: [
          {
            ja: `リンクは${mail.days}日間有効です。お心当たりがない場合は、このメールを破棄してください。`,
            en: `The link works for ${mail.days} days. If you do not know the sender, ignore this message.`,
          },
        ],
      }
    case 'notice':
      return {
        subject: mail.notice.title,
        before: [greeting(mail.name), mail.notice.text],
        link: { label: { ja: 'Kizunaで開く', en: 'Open in Kizuna' }, path: mail.notice.link },
        after: [whereToChoose],
      }
    case 'notice_digest':
      return {
        subject: {
          ja: `お知らせ${mail.notices.length}件のまとめ`,
          en: `Your digest: ${mail.notices.length} notice${mail.notices.length === 1 ? '' : 's'}`,
        },
        before: [
          greeting(mail.name),
          {
            ja: `前回のまとめ以降のお知らせは${mail.notices.length}件です。`,
            en: `Here is what happened since the last digest: ${mail.notices.length} notice${mail.notices.length === 1 ? '' : 's'}.`,
          },
        ],
        sections: mail.notices,
        after: [whereToChoose],
      }
    case 'weekly_report': {
      const count = mail.notices.length + mail.others
      return {
        subject:
          mail.about === 'top'
            ? {
                ja: `週次レポート（${mail.week}）: 解約スコアの高い顧客`,
                en: `Weekly report (${mail.week}): the highest churn scores`,
              }
            : {
                ja: `週次レポート（${mail.week}）: 解約スコア60〜79の顧客`,
                en: `Weekly report (${mail.week}): churn scores of 60 to 79`,
              },
        before: [
          greeting(mail.name),
          mail.about === 'top'
            ? {
                ja: `解約スコアの高い順に、上位${mail.notices.length}社です。`,
                en: `These are the ${mail.notices.length} customers with the highest churn scores.`,
              }
            : {
                ja: `解約スコアが60〜79の顧客と、先週からその範囲を外れた顧客は、あわせて${count}社です。`,
                en: `These are the customers with a churn score of 60 to 79, and those that left that range since last week: ${count} in all.`,
              },
        ],
        sections: mail.notices,
        after: [
          ...(mail.others > 0 && mail.about === 'band'
            ? [{ ja: `ほかに${mail.others}社あります。`, en: `${mail.others} more are not listed here.` }]
            : []),
          whereToChoose,
        ],
      }
    }
    // Its words are the company's own.
    case 'welcome':
      return {
        subject: { ja: mail.subject, en: mail.subject },
        before: mail.text.split(/\n{2,}/).map(text => ({ ja: text, en: text })),
        after: [],
        signature: mail.company,
      }
    case 'onboarding_code':
      return {
        subject: { ja: `確認コード: ${mail.code}`, en: `Your code: ${mail.code}` },
        before: [
          {
            ja: `${mail.company}のオンボーディングのページを開くための確認コードです。`,
            en: `This code opens the onboarding page of ${mail.company}.`,
          },
          { ja: mail.code, en: mail.code },
          {
            ja: `コードは${mail.minutes}分間有効です。お心当たりがない場合は、このメールを破棄してください。`,
            en: `It is good for ${mail.minutes} minutes. If you did not ask for it, ignore this message.`,
          },
        ],
        after: [],
        signature: mail.company,
      }
  }
}

const whereToChoose: Words = {
  ja: '通知の種類、方法、時間帯は「設定」の「通知」で変更できます。',
  en: 'Which notices reach you, how and when, is up to you: Settings, Notifications.',
}

function greeting(name: string): Words {
  return { ja: `${name} 様`, en: `Hello ${name},` }
}

function paragraph(text: string): string {
  return `<p>${lines(text)}</p>`
}

function listedNotice({ title, text, url }: { title: string; text: string; url: string }): string {
  return `<p style="border-top:1px solid #e3e5e8;padding-top:12px"><a href="${escapeHtml(url)}" style="color:#2a56b0;font-weight:600">${escapeHtml(title)}</a><br>${lines(text)}</p>`
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}

function button(label: string, url: string): string {
  const shown = escapeHtml(url)
  return `<p><a href="${shown}" style="display:inline-block;padding:8px 16px;border-radius:6px;background:#2a56b0;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a></p><p style="color:#626873;font-size:12px;word-break:break-all">${shown}</p>`
}
