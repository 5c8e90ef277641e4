"""What is kept: evidence bags, their verification, their register, their replay; knows no plan and
no other room."""
