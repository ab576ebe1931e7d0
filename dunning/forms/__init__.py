"""What is typed at the desk: outcomes, hand-overs and notes; and what is typed while talking."""
