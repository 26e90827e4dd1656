// Evaluate requests against roles with an offline model of IAM. Reads JSON on stdin, writes JSON on stdout.
// {roles: {name: [{name, policy}]}, requests: [{role, action, resource, context}]} -> [{result, statements, error}]
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const here = createRequire(process.argv[2] + '/')
const { runSimulation } = await import(
  pathToFileURL(here.resolve('@cloud-copilot/iam-simulate')).href
)

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const { account, roles, requests } = JSON.parse(Buffer.concat(chunks).toString())

const answers = []
for (const { role, action, resource, context } of requests) {
  const found = await runSimulation(
    {
      identityPolicies: roles[role],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        action,
        principal: `arn:aws:sts::${account}:assumed-role/${role}/session`,
        resource: { accountId: account, resource },
        contextVariables: context
      }
    },
    {}
  )
  if (found.resultType !== 'single') {
    answers.push({ result: 'Error', statements: [], error: JSON.stringify(found.errors ?? found.resultType) })
    continue
  }
  const { result, identityAnalysis } = found.result.analysis
  const statements = identityAnalysis.allowStatements.map((one) => ({ policy: one.policyId, sid: one.explain.identifier }))
  answers.push({ result, statements })
}
process.stdout.write(JSON.stringify(answers))
