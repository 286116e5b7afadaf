"""M4: the Certification Compliance Report, the Compliance Action Plan, its review, and the closing report."""
