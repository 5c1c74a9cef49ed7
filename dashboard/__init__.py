"""What people see and do: console, pages, sign-in, two languages. Knows the gateway only as the Desk."""
