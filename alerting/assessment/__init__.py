"""The six-dimension assessment (六维评估): criteria and points, the label they propose, and when it is due again."""
