import { contactReference, customerReference, money, type Target, target, whole } from './fields.ts'

const externalId = (headers: string) =>
  target('externalId', 'text', '外部ID', 'External ID', `${headers}|id`, { longest: 255 })
const currency = target('currency', 'currency', '通貨', 'Currency', '通貨コード|currency code')

export const contractTargets: readonly Target[] = [
  externalId('契約ID|契約番号|契約コード|contract id|contract number|subscription id|agreement id'),
  ...customerReference,
  target('plan', 'text', 'プラン', 'Plan', '契約プラン|商品名|商品|サービス名|product|plan name|edition|item', {
    longest: 200,
  }),
  target(
    'amount',
    'money',
    '金額',
    'Amount',
    '契約金額|料金|価格|単価|月額|年額|mrr|arr|price|value|contract value|fee|total',
    { range: money, required: true },
  ),
  currency,
  target(
    'interval',
    'choice',
    '請求間隔',
    'Interval',
    '支払間隔|支払サイクル|契約形態|周期|billing interval|billing cycle|billing period|period|term|frequency',
    {
      choices: {
        MONTH: ['monthly', 'month to month', 'mo', '月', '月次', '月額', '毎月', '月払い'],
        QUARTER: ['quarterly', '四半期', '3ヶ月', '四半期払い'],
        YEAR: ['yearly', 'annual', 'annually', '年', '年次', '年額', '毎年', '年払い', '年間'],
        ONE_TIME: ['once', 'one off', 'onetime', '一括', '一回', '単発', '買い切り', 'スポット'],
      },
    },
  ),
  target(
    'startsOn',
    'date',
    '開始日',
    'Start',
    '契約開始日|契約日|利用開始日|start date|starts on|contract start|begin date|effective date',
    { required: true },
  ),
  target(
    'endsOn',
    'date',
    '終了日',
    'End',
    '契約終了日|満了日|契約満了日|end date|ends on|contract end|expiry date|expiration date|expires',
  ),
  target('renewsOn', 'date', '更新日', 'Renewal', '契約更新日|次回更新日|renewal date|renews on'),
  target('autoRenew', 'boolean', '自動更新', 'Auto-renew', '自動更新有無|auto renewal|auto renewing|autorenew'),
  target('status', 'choice', 'ステータス', 'Status', '状態|契約状態|contract status', {
    choices: {
      DRAFT: ['quote', 'pending', '下書き', '見積', '準備中', '未締結'],
      ACTIVE: ['live', 'current', 'running', '有効', '契約中', '継続', '継続中'],
      ENDED: ['expired', 'finished', 'complete', 'completed', '終了', '満了', '期限切れ'],
      CANCELLED: ['canceled', 'churned', 'terminated', '解約', '解約済み', '中途解約', 'キャンセル'],
    },
  }),
  target(
    'licenceCount',
    'integer',
    'ライセンス数',
    'Licences',
    '席数|シート数|数量|契約数|seats|licenses|licence count|license count|quantity|users',
    { range: whole },
  ),
]

export const ticketTargets: readonly Target[] = [
  externalId(
    'チケットID|チケット番号|問い合わせ番号|問い合わせID|受付番号|ticket id|ticket number|case number|case id|issue id|ticket|key',
  ),
  ...customerReference,
  ...contactReference,
  target('source', 'text', '問い合わせ元システム', 'Source', 'システム|チャネル|経路|channel|system|via', {
    longest: 60,
  }),
  target('subject', 'text', '件名', 'Subject', 'タイトル|問い合わせ件名|内容|概要|summary|title|description|topic', {
    longest: 1_000,
    required: true,
  }),
  target('priority', 'choice', '優先度', 'Priority', '緊急度|重要度|severity|urgency', {
    choices: {
      LOW: ['低', '低い', 'minor', 'p4', 'trivial'],
      NORMAL: ['中', '通常', '普通', 'medium', 'p3', 'standard'],
      HIGH: ['高', '高い', 'major', 'p2', 'important'],
      URGENT: ['緊急', '至急', '最優先', 'critical', 'blocker', 'p1', 'highest'],
    },
  }),
  target('status', 'choice', 'ステータス', 'Status', '状態|対応状況|対応状態|state|ticket status', {
    choices: {
      OPEN: ['new', 'to do', '新規', '未対応', '対応中', 'オープン', 'in progress', '受付'],
      PENDING: ['waiting', 'waiting on customer', '保留', '回答待ち', '顧客回答待ち', 'お客様待ち'],
      ON_HOLD: ['hold', '待機', '一時停止', 'ペンディング'],
      RESOLVED: ['solved', 'done', 'fixed', '解決', '解決済', '解決済み', '回答済み', '対応済', '対応済み'],
      CLOSED: ['complete', 'completed', 'クローズ', '完了', '終了', '対応完了'],
    },
  }),
  target(
    'openedAt',
    'moment',
    '受付日時',
    'Opened',
    '受付日|作成日|作成日時|起票日|問い合わせ日|問い合わせ日時|発生日時|created|created at|created date|opened at|open date|date|requested at',
    { required: true },
  ),
  target(
    'firstResponseAt',
    'moment',
    '初回回答日時',
    'First response',
    '初回返信日時|一次回答日時|first reply|first reply at|first response at|first replied at',
  ),
  target(
    'resolvedAt',
    'moment',
    '解決日時',
    'Resolved',
    '解決日|完了日|完了日時|クローズ日|クローズ日時|resolved at|solved at|closed|closed at|close date|completed at',
  ),
  target(
    'satisfaction',
    'integer',
    '満足度（1〜5）',
    'Satisfaction',
    '満足度|評価|rating|csat|satisfaction score|satisfaction rating',
    { range: [1, 5] },
  ),
]

export const invoiceTargets: readonly Target[] = [
  externalId('請求ID|請求書ID|invoice id'),
  ...customerReference,
  target('number', 'text', '請求書番号', 'Invoice number', '請求番号|請求書No|invoice no|invoice|number', {
    longest: 100,
  }),
  target('amount', 'money', '請求金額', 'Amount', '金額|合計金額|請求額|税込金額|total|amount due|invoice amount|sum', {
    range: money,
    required: true,
  }),
  currency,
  target('issuedOn', 'date', '請求日', 'Issued', '発行日|請求書発行日|issue date|invoice date|issued on|date|created', {
    required: true,
  }),
  target('dueOn', 'date', '支払期限', 'Due', '支払期日|期日|入金予定日|due date|due on|payment due'),
  target('paidOn', 'date', '入金日', 'Paid', '支払日|入金確認日|paid date|paid on|paid at|payment date'),
  target('status', 'choice', 'ステータス', 'Status', '状態|入金状況|支払状況|invoice status|payment status', {
    choices: {
      OPEN: [
        'unpaid',
        'sent',
        'due',
        'overdue',
        'past due',
        '未入金',
        '未払い',
        '未払',
        '請求中',
        '請求済',
        '請求済み',
        '期限超過',
      ],
      PAID: ['settled', 'complete', '入金済', '入金済み', '支払済', '支払済み', '支払い済み', '済'],
      VOID: ['cancelled', 'canceled', 'voided', '取消', '取り消し', '無効'],
      UNCOLLECTIBLE: ['bad debt', 'written off', '貸倒', '回収不能'],
    },
  }),
  target('failedAttempts', 'integer', '決済失敗回数', 'Failed attempts', '失敗回数|attempts|failed payments', {
    range: whole,
  }),
]

export const paymentTargets: readonly Target[] = [
  externalId('決済ID|支払ID|入金ID|取引ID|transaction id|payment id|charge id'),
  ...customerReference,
  target(
    'invoiceNumber',
    'text',
    '請求書番号',
    'Invoice number',
    '請求番号|請求書ID|請求ID|invoice|invoice id|invoice no',
    { longest: 255 },
  ),
  target('amount', 'money', '金額', 'Amount', '決済金額|支払金額|入金額|支払額|total|payment amount|charged|paid', {
    range: money,
    required: true,
  }),
  currency,
  target(
    'attemptedAt',
    'moment',
    '決済日時',
    'Date',
    '決済日|支払日|支払日時|入金日|取引日|取引日時|date|paid at|payment date|attempted at|created|created at|charged at|transaction date',
    { required: true },
  ),
  target('outcome', 'choice', '結果', 'Outcome', '決済結果|状態|ステータス|status|result|payment status', {
    choices: {
      SUCCEEDED: [
        'success',
        'successful',
        'paid',
        'completed',
        'ok',
        'captured',
        '成功',
        '完了',
        '入金済み',
        '決済済み',
        '済',
      ],
      FAILED: ['failure', 'declined', 'error', 'rejected', 'unpaid', '失敗', 'エラー', '否決', '不可'],
      REFUNDED: ['refund', 'reversed', 'chargeback', '返金', '返金済み', '取消'],
    },
  }),
  target('method', 'text', '支払方法', 'Method', '決済方法|決済手段|支払手段|payment method|payment type', {
    longest: 100,
  }),
  target(
    'failureReason',
    'text',
    '失敗理由',
    'Failure reason',
    'エラー内容|decline reason|failure message|error message',
    { longest: 1_000 },
  ),
]

export const answerTargets: readonly Target[] = [
  externalId('回答ID|回答番号|response id|answer id|submission id'),
  ...customerReference,
  ...contactReference,
  target('survey', 'text', 'アンケート名', 'Survey', 'アンケート|調査名|survey name|campaign|questionnaire', {
    longest: 300,
  }),
  target('kind', 'choice', '種類', 'Kind', '調査種別|指標|type|metric|survey type', {
    choices: {
      NPS: ['net promoter score', '推奨度'],
      CSAT: ['customer satisfaction', '満足度', '顧客満足度'],
      CES: ['customer effort score', '顧客努力指標', '労力'],
    },
    required: true,
  }),
  target(
    'score',
    'score',
    '点数',
    'Score',
    'スコア|評価|回答|NPS|CSAT|CES|推奨度|満足度|rating|answer|value|nps score|csat score',
    { range: [0, 10], required: true },
  ),
  target(
    'comment',
    'text',
    'コメント',
    'Comment',
    '自由記述|自由回答|理由|感想|feedback|comments|reason|verbatim|text',
    { longest: 10_000 },
  ),
  target(
    'answeredAt',
    'moment',
    '回答日時',
    'Answered',
    '回答日|実施日|送信日時|日付|date|answered at|responded at|submitted at|created at|response date|timestamp',
    { required: true },
  ),
]

export const usageTargets: readonly Target[] = [
  target(
    'event',
    'text',
    'イベント名',
    'Event',
    'イベント|機能|機能名|操作|アクション|event name|feature|action|activity|name',
    { longest: 200, required: true },
  ),
  target(
    'occurredAt',
    'moment',
    '日時',
    'Time',
    '発生日時|利用日時|利用日|日付|実行日時|time|timestamp|date|day|occurred at|at|datetime|event time|created at',
    { required: true },
  ),
  ...customerReference,
  ...contactReference,
  target('count', 'integer', '回数', 'Count', '利用回数|件数|数|total|times|quantity|number|events', {
    range: [1, 1_000],
  }),
  target('externalId', 'text', 'イベントID', 'Event ID', 'メッセージID|message id|messageid|event_id|uuid', {
    longest: 255,
  }),
]
