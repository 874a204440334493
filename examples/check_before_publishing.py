"""Stop a publishing step unless a draft is clear: the whole API in ten lines."""

import sys

import secreview

report = secreview.check(sys.argv[1] if len(sys.argv) > 1 else "examples/draft.docx")
for finding in report.findings:
    print(finding.severity, finding.title.zh, finding.masked, finding.reason.suggest.zh)
for gap in report.gaps:
    print("not read:", gap.part, gap.why)
sys.exit(0 if report.verdict is secreview.Verdict.CLEAR else 1)
